import { IMAGE, type Network, type ResolvedNode } from '@dlcmp/contract';
import type { NetworkPart } from '../graph/apply-network';
import { type BlockSizes, type DenseSizes, pooledSize } from './block-sizes';
import { BLOCK_LENGTH, leadingBlocks, strangerIn } from './leading-blocks';

/** A network's front: convolution blocks and, where it is behind them, the dense layer that takes their images. */
export interface FrontSizes {
  readonly normalisation: Network['normalisation'];
  readonly blocks: readonly BlockSizes[];
  readonly dense?: DenseSizes;
}

/** What goes from the front into the tail for each image: the dense layer's values, or the last block's images. */
export type FrontOutput =
  | { readonly units: number }
  | { readonly height: number; readonly width: number; readonly channels: number };

/** What follows the front. */
export interface Tail
  extends Pick<Network, 'weightShapes' | 'stateShapes' | 'masks' | 'classCount'> {
  readonly part: NetworkPart;
  readonly input: FrontOutput;
}

/** A network as the front that kernels compute, and the nodes behind. */
export interface SplitNetwork {
  readonly front: FrontSizes;
  readonly tail: Tail;
}

/**
 * Splits a network that begins with blocks (convolution 3×3 of stride and padding 1 with bias, ReLU, max-pool 2×2): these,
 * with a flattening and a dense layer of bias if they come next, are the front; all else is the tail. The front is as long as can
 * be while the tail reads nothing of it but its end. Where not even one block can be cut off, says what stands in the way.
 */
export function splitNetwork(network: Network): SplitNetwork | string {
  const blocks = leadingBlocks(network.nodes);
  const dense = denseBehind(network.nodes, blocks);
  if (dense && readerAcross(network, denseEnd(blocks)) === undefined)
    return splitAt(network, denseEnd(blocks), blocks, dense);
  const count = blocks.findLastIndex(
    (_, index) => readerAcross(network, (index + 1) * BLOCK_LENGTH) === undefined,
  );
  if (count >= 0) return splitAt(network, (count + 1) * BLOCK_LENGTH, blocks.slice(0, count + 1));
  const stranger = blocks.length > 0 ? readerAcross(network, BLOCK_LENGTH) : undefined;
  const { type, name } = stranger ?? strangerIn(network.nodes);
  return `it begins with a convolution 3×3 with bias, relu and maxPool 2×2, whose end alone is read by what follows, which ${type} "${name}" does not fit`;
}

function splitAt(
  { nodes, normalisation, ...network }: Network,
  length: number,
  blocks: readonly BlockSizes[],
  dense?: DenseSizes,
): SplitNetwork {
  const { name } = nodes[length - 1] as ResolvedNode;
  const last = blocks.at(-1) as BlockSizes;
  const input = dense
    ? { units: dense.units }
    : {
        height: pooledSize(last.inputHeight),
        width: pooledSize(last.inputWidth),
        channels: last.outputChannels,
      };
  const tail = nodes.slice(length);
  return {
    front: { normalisation, blocks, ...(dense && { dense }) },
    tail: {
      ...{ part: { nodes: tail, input: name }, input },
      ...{ masks: network.masks, classCount: network.classCount },
      weightShapes: shapesOf(network.weightShapes, tail),
      stateShapes: shapesOf(network.stateShapes, tail),
    },
  };
}

type Shapes = Network['weightShapes'];

function shapesOf(shapes: Shapes, nodes: readonly ResolvedNode[]): Shapes {
  const names = new Set(nodes.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(shapes).filter(([weight]) =>
      names.has(weight.slice(0, weight.lastIndexOf('.'))),
    ),
  );
}

function denseEnd(blocks: readonly BlockSizes[]): number {
  return blocks.length * BLOCK_LENGTH + 2;
}

/** The dense layer that a flattening hands the last block's images, unless the network ends with it. */
function denseBehind(
  nodes: readonly ResolvedNode[],
  blocks: readonly BlockSizes[],
): DenseSizes | undefined {
  const [flatten, dense] = nodes.slice(blocks.length * BLOCK_LENGTH);
  const fits =
    blocks.length > 0 &&
    nodes.length > denseEnd(blocks) &&
    flatten?.type === 'flatten' &&
    dense?.type === 'dense' &&
    dense.options.bias === true &&
    dense.inputs[0] === flatten.name;
  if (!fits) return undefined;
  const [channels, height, width] = flatten.inputShapes[0] as readonly number[];
  const [units] = dense.outputShape as [number];
  return {
    name: dense.name,
    units,
    channels: channels as number,
    area: (height as number) * (width as number),
  };
}

/** The first node from `length` on that reads what is before it, the node at its end excepted. */
function readerAcross({ nodes }: Network, length: number): ResolvedNode | undefined {
  const inside = new Set([IMAGE, ...nodes.slice(0, length - 1).map(({ name }) => name)]);
  return nodes.slice(length).find(({ inputs }) => inputs.some((name) => inside.has(name)));
}
