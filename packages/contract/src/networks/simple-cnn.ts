import type { NetworkDescription, NetworkNode } from '../network/network-description';

export interface SimpleCnnOptions {
  /** Output channels of the three convolutions. Default [32, 64, 128]. */
  readonly channels?: readonly [number, number, number];
  /** Units of the hidden dense layer. Default 512. */
  readonly hiddenUnits?: number;
  /** Probability with which a hidden unit is dropped in training, 0 ≤ rate < 1. Default 0.5. */
  readonly dropoutRate?: number;
}

/** Three blocks of convolution 3×3, ReLU and max-pool 2×2, then two dense layers with dropout between them. */
export function simpleCnn({
  channels = [32, 64, 128],
  hiddenUnits = 512,
  dropoutRate = 0.5,
}: SimpleCnnOptions = {}): NetworkDescription {
  return {
    schemaVersion: 1,
    name: 'simple-cnn',
    nodes: [
      ...channels.flatMap((count, index) => convolutionBlock(`conv${index + 1}`, count)),
      { type: 'flatten' },
      { name: 'fc1', type: 'dense', units: hiddenUnits },
      { type: 'relu' },
      { name: 'dropout', type: 'dropout', rate: dropoutRate },
      { name: 'fc2', type: 'dense', units: 'classes' },
    ],
  };
}

function convolutionBlock(name: string, channels: number): NetworkNode[] {
  return [
    { name, type: 'conv2d', channels, kernelSize: 3, padding: 1 },
    { type: 'relu' },
    { type: 'maxPool', kernelSize: 2 },
  ];
}

/** The options that {@link simpleCnn} makes `description` of, or nothing where it is another network. */
export function simpleCnnOptions(
  description: NetworkDescription,
): Required<SimpleCnnOptions> | undefined {
  const { nodes } = description;
  const channels = nodes.flatMap((node) => (node.type === 'conv2d' ? [node.channels] : []));
  const hidden = nodes.find((node) => node.name === 'fc1');
  const dropout = nodes.find((node) => node.name === 'dropout');
  if (channels.length !== 3 || hidden?.type !== 'dense' || dropout?.type !== 'dropout')
    return undefined;
  if (typeof hidden.units !== 'number' || dropout.rate === undefined) return undefined;
  const options = {
    channels: channels as [number, number, number],
    hiddenUnits: hidden.units,
    dropoutRate: dropout.rate,
  };
  return JSON.stringify(simpleCnn(options)) === JSON.stringify(description) ? options : undefined;
}
