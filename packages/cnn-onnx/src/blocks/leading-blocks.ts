import { IMAGE, type ResolvedNode } from '@dlcmp/contract';
import type { BlockSizes } from './block-sizes';

/** Nodes of a block: convolution, ReLU, max-pool. */
export const BLOCK_LENGTH = 3;

/** Colours of the images that the first block reads. */
const COLORS = 3;

const CONVOLUTION = { kernelSize: [3, 3], stride: [1, 1], dilation: [1, 1], padding: 1 };
const POOL = { kernelSize: [2, 2], stride: [2, 2], dilation: [1, 1], padding: 0 };

/** The blocks that a network begins with, as many as there are. */
export function leadingBlocks(nodes: readonly ResolvedNode[]): BlockSizes[] {
  const blocks: BlockSizes[] = [];
  for (let start = 0; start + BLOCK_LENGTH <= nodes.length; start += BLOCK_LENGTH) {
    const fits = [0, 1, 2].every((place) => fitsBlock(nodes, start + place));
    if (!fits) break;
    blocks.push(blockSizes(nodes[start] as ResolvedNode));
  }
  return blocks;
}

/** What keeps a network from beginning with a block: the first node that is none of one. */
export function strangerIn(nodes: readonly ResolvedNode[]): ResolvedNode {
  const place = [0, 1, 2].find((place) => !fitsBlock(nodes, place)) as number;
  return (nodes[place] ?? nodes.at(-1)) as ResolvedNode;
}

/** Whether the node at a place continues the chain as a block's node there would. */
function fitsBlock(nodes: readonly ResolvedNode[], place: number): boolean {
  const node = nodes[place];
  if (node?.inputs.join() !== (nodes[place - 1]?.name ?? IMAGE)) return false;
  if (place % BLOCK_LENGTH === 1) return node.type === 'relu';
  if (place % BLOCK_LENGTH === 2) return node.type === 'maxPool' && hasWindow(node, POOL);
  return (
    node.type === 'conv2d' &&
    hasWindow(node, CONVOLUTION) &&
    node.options.groups === 1 &&
    node.options.bias === true &&
    (place > 0 || node.inputShapes[0]?.[0] === COLORS)
  );
}

function blockSizes({ name, inputShapes, outputShape }: ResolvedNode): BlockSizes {
  const [inputChannels, inputHeight, inputWidth] = inputShapes[0] as [number, number, number];
  return { name, inputChannels, outputChannels: outputShape[0] as number, inputHeight, inputWidth };
}

function hasWindow({ window }: ResolvedNode, { padding, ...wanted }: typeof POOL): boolean {
  if (!window) return false;
  const { padding: sides, ...sizes } = window;
  return (
    Object.entries(wanted).every(
      ([name, value]) => sizes[name as keyof typeof sizes].join() === value.join(),
    ) && Object.values(sides).every((side) => side === padding)
  );
}
