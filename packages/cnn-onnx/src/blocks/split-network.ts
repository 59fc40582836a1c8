import type { Layer } from '../layers/layer';
import { type Network, sequential } from '../layers/sequential';
import type { BlockSizes } from './block-sizes';

/** A network as the blocks at its front, and the network of what follows them. */
export interface SplitNetwork {
  readonly blocks: readonly BlockSizes[];
  readonly head: Network;
}

const BLOCK_LENGTH = 4;
/** Colours of the images that {@link PixelBlock} reads. */
const COLORS = 3;

/**
 * Finds the blocks (convolution 3×3 of stride and padding 1, bias, ReLU, max-pool 2×2) that a network
 * begins with. The head keeps at least one layer.
 */
export function splitNetwork({ layers, inputShape }: Network): SplitNetwork {
  const blocks: BlockSizes[] = [];
  let start = 0;
  while (start + BLOCK_LENGTH < layers.length) {
    const shape = layers[start]?.inputShape as [number, number, number];
    const block = blockSizes(layers.slice(start, start + BLOCK_LENGTH), shape);
    if (!block || (start === 0 && block.inputChannels !== COLORS)) break;
    blocks.push(block);
    start += BLOCK_LENGTH;
  }
  const rest = layers.slice(start);
  return {
    blocks,
    head: sequential(
      rest[0]?.inputShape ?? inputShape,
      rest.map(({ layer }) => layer),
    ),
  };
}

function blockSizes(
  layers: readonly { readonly layer: Layer }[],
  [inputChannels, inputHeight, inputWidth]: readonly [number, number, number],
): BlockSizes | undefined {
  const [convolution, bias, relu, pool] = layers.map(({ layer }) => layer.description);
  const fits =
    convolution?.type === 'convolution' &&
    convolution.kernelSize === 3 &&
    convolution.stride === 1 &&
    convolution.padding === 1 &&
    bias?.type === 'channelBias' &&
    bias.name === convolution.name &&
    relu?.type === 'relu' &&
    pool?.type === 'maxPool2d' &&
    pool.size === 2 &&
    pool.stride === 2 &&
    pool.padding === 0;
  if (!fits) return undefined;
  const outputChannels = convolution.channels as number;
  const name = convolution.name as string;
  return { name, inputChannels, outputChannels, inputHeight, inputWidth };
}
