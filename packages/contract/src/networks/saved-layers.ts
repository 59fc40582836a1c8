import { assertArgument } from '../errors';
import type { NetworkDescription, NetworkNode } from '../network/network-description';

/** A layer as model folders described it before networks were data. */
export interface SavedLayer {
  readonly type: string;
  readonly [option: string]: string | number;
}

/**
 * The network of `layers` in a saved model's `model.json`.
 *
 * @throws `INVALID_ARGUMENT` where a layer is unknown
 */
export function networkOfLayers(layers: readonly SavedLayer[]): NetworkDescription {
  const biased = new Set(
    layers.flatMap(({ type, name }) => (type === 'channelBias' ? [name] : [])),
  );
  const nodes = layers.flatMap((layer) => nodesOf(layer, biased.has(layer.name as string)));
  return { schemaVersion: 1, name: 'sequential', nodes };
}

function nodesOf({ type, ...options }: SavedLayer, bias: boolean): NetworkNode[] {
  const { size: kernelSize, ...others } = options;
  switch (type) {
    case 'convolution':
      return [{ type: 'conv2d', ...options, bias } as never];
    case 'channelBias':
      return [];
    case 'batchNorm2d':
      return [{ type: 'batchNorm', ...options } as never];
    case 'maxPool2d':
      return [{ type: 'maxPool', kernelSize, ...others } as never];
    case 'averagePool2d':
      return [{ type: 'averagePool', kernelSize, ...others } as never];
    case 'globalAveragePool':
      return [{ type: 'globalAveragePool' }, { type: 'flatten' }];
    case 'relu':
    case 'flatten':
    case 'dense':
    case 'dropout':
      return [{ type, ...options } as never];
    default:
      assertArgument(
        false,
        `There is no layer of type "${type}". Save the model again with this version.`,
      );
  }
}
