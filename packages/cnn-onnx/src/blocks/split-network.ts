import type { Layer } from '../layers/layer';
import { type Network, sequential } from '../layers/sequential';
import type { BlockSizes, DenseSizes } from './block-sizes';

/** A network's front: convolution blocks and the dense layer that takes their images. */
export interface FrontSizes {
  readonly blocks: readonly BlockSizes[];
  readonly dense: DenseSizes;
}

/** A network as the front that kernels compute, and the layers behind. */
export interface SplitNetwork {
  readonly front: FrontSizes;
  /** Takes the front's dense layer's values. */
  readonly tail: Network;
}

const BLOCK_LENGTH = 4;
/** Colours of the images that the first block reads. */
const COLORS = 3;

/**
 * Splits a network that begins with blocks (convolution 3×3 of stride and padding 1, bias, ReLU, max-pool 2×2), a
 * flattening and a dense layer, and does not end there. Answers nothing for any other.
 */
export function splitNetwork({ layers }: Network): SplitNetwork | undefined {
  const blocks = leadingBlocks(layers);
  const [flatten, dense, ...rest] = layers.slice(blocks.length * BLOCK_LENGTH);
  const isFront =
    blocks.length > 0 &&
    flatten?.layer.description.type === 'flatten' &&
    dense?.layer.description.type === 'dense' &&
    rest.length > 0;
  if (!isFront) return undefined;
  const [channels, height, width] = flatten.inputShape as [number, number, number];
  const name = dense.layer.description.name as string;
  const units = dense.layer.description.units as number;
  const tail = rest.map(({ layer }): Layer => layer);
  return {
    front: { blocks, dense: { name, units, channels, area: height * width } },
    tail: sequential([units], tail),
  };
}

function leadingBlocks(layers: Network['layers']): BlockSizes[] {
  const blocks: BlockSizes[] = [];
  for (let start = 0; start < layers.length; start += BLOCK_LENGTH) {
    const shape = layers[start]?.inputShape as [number, number, number];
    const block = blockSizes(layers.slice(start, start + BLOCK_LENGTH), shape);
    if (!block || (start === 0 && block.inputChannels !== COLORS)) break;
    blocks.push(block);
  }
  return blocks;
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
