import type { Network, ResolvedNode } from '@dlcmp/contract';
import type { BlockSizes } from '../blocks/block-sizes';
import { splitNetwork } from '../blocks/split-network';
import type { NetworkPart } from '../graph/apply-network';

/** How the engine computes a network: blocks by kernels between convolutions, the nodes behind them as one ONNX graph. */
export interface NetworkPlan {
  readonly network: Network;
  readonly blocks: readonly BlockSizes[];
  /** What takes the last block's images. */
  readonly tail: NetworkPart;
  /** Shape of one of those images: channels, height, width. */
  readonly tailShape: readonly number[];
}

const BLOCK_LENGTH = 3;

/**
 * Plans a network that begins with blocks (convolution 3×3 of stride and padding 1 with bias, ReLU, max-pool 2×2); else says
 * what stands in the way.
 */
export function planNetwork(network: Network): NetworkPlan | string {
  const split = splitNetwork(network);
  if (typeof split === 'string') return split;
  const { blocks } = split.front;
  const normalising = network.nodes.find(({ type }) => type === 'batchNorm');
  if (normalising)
    return `it keeps no running statistics, as batchNorm "${normalising.name}" has them`;
  const last = network.nodes[blocks.length * BLOCK_LENGTH - 1] as ResolvedNode;
  const nodes = network.nodes.slice(blocks.length * BLOCK_LENGTH);
  return { network, blocks, tail: { nodes, input: last.name }, tailShape: last.outputShape };
}

/** Values of a block's output for one image, before and after pooling. */
export function blockElements({ outputChannels, inputHeight, inputWidth }: BlockSizes): {
  readonly convolved: number;
  readonly pooled: number;
} {
  return {
    convolved: outputChannels * inputHeight * inputWidth,
    pooled: outputChannels * Math.floor(inputHeight / 2) * Math.floor(inputWidth / 2),
  };
}
