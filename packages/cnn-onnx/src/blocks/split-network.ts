import {
  CHANNEL_MEAN,
  CHANNEL_STANDARD_DEVIATION,
  IMAGE,
  type Network,
  type ResolvedNode,
} from '@dlcmp/contract';
import type { NetworkPart } from '../graph/apply-network';
import type { BlockSizes, DenseSizes } from './block-sizes';

/** A network's front: convolution blocks and the dense layer that takes their images. */
export interface FrontSizes {
  readonly blocks: readonly BlockSizes[];
  readonly dense: DenseSizes;
}

/** What follows the front: nodes that take the values of its dense layer. */
export interface Tail extends Pick<Network, 'weightShapes' | 'masks' | 'classCount'> {
  readonly part: NetworkPart;
  /** Values that go in for each image. */
  readonly units: number;
}

/** A network as the front that kernels compute, and the nodes behind. */
export interface SplitNetwork {
  readonly front: FrontSizes;
  readonly tail: Tail;
}

const BLOCK_LENGTH = 3;
/** Colours of the images that the first block reads. */
const COLORS = 3;

/**
 * Splits a network that begins with blocks (convolution 3×3 of stride and padding 1 with bias, ReLU, max-pool 2×2), a
 * flattening and a dense layer, and does not end there; else says what stands in the way.
 */
export function splitNetwork(network: Network): SplitNetwork | string {
  const { nodes, normalisation } = network;
  const { mean, standardDeviation } = normalisation;
  if (`${mean},${standardDeviation}` !== `${CHANNEL_MEAN},${CHANNEL_STANDARD_DEVIATION}`)
    return 'its kernels normalise images by ImageNet’s mean and standard deviation alone';
  const blocks = leadingBlocks(nodes);
  const length = blocks.length * BLOCK_LENGTH;
  const [flatten, dense] = nodes.slice(length);
  const names = nodes.slice(0, length + 2).map(({ name }) => name);
  const tail = nodes.slice(length + 2);
  const stranger =
    blocks.length === 0 || flatten?.type !== 'flatten'
      ? nodes[length]
      : dense?.type !== 'dense' || dense.options.bias !== true || tail.length === 0
        ? (dense ?? flatten)
        : tail.find(({ inputs }) => inputs.some((name) => names.slice(0, -1).includes(name)));
  if (stranger) return refusal(stranger);
  const [channels, height, width] = (flatten as ResolvedNode).inputShapes[0] as [
    number,
    number,
    number,
  ];
  const { name, outputShape } = dense as ResolvedNode;
  const [units] = outputShape as [number];
  return {
    front: { blocks, dense: { name, units, channels, area: height * width } },
    tail: {
      ...{ part: { nodes: tail, input: name }, units },
      ...{ masks: network.masks, classCount: network.classCount },
      weightShapes: shapesOf(network, tail),
    },
  };
}

function refusal({ type, name }: ResolvedNode): string {
  return `it takes convolutions 3×3 with bias, each with relu and maxPool 2×2 behind it, flatten, dense, and what has no images behind that, which ${type} "${name}" does not fit`;
}

function shapesOf({ weightShapes }: Network, nodes: readonly ResolvedNode[]) {
  const names = nodes.map(({ name }) => name);
  return Object.fromEntries(
    Object.entries(weightShapes).filter(([weight]) =>
      names.includes(weight.slice(0, weight.lastIndexOf('.'))),
    ),
  );
}

function leadingBlocks(nodes: readonly ResolvedNode[]): BlockSizes[] {
  const blocks: BlockSizes[] = [];
  let input = IMAGE;
  for (let start = 0; start < nodes.length; start += BLOCK_LENGTH) {
    const block = blockSizes(nodes.slice(start, start + BLOCK_LENGTH), input);
    if (!block || (start === 0 && block.inputChannels !== COLORS)) break;
    blocks.push(block);
    input = nodes[start + BLOCK_LENGTH - 1]?.name as string;
  }
  return blocks;
}

const CONVOLUTION = { kernelSize: [3, 3], stride: [1, 1], dilation: [1, 1], padding: 1 };
const POOL = { kernelSize: [2, 2], stride: [2, 2], dilation: [1, 1], padding: 0 };

function blockSizes(nodes: readonly ResolvedNode[], input: string): BlockSizes | undefined {
  const [convolution, relu, pool] = nodes;
  const isChain = nodes.every(
    ({ inputs }, index) => inputs.join() === (nodes[index - 1]?.name ?? input),
  );
  const fits =
    isChain &&
    convolution?.type === 'conv2d' &&
    hasWindow(convolution, CONVOLUTION) &&
    convolution.options.groups === 1 &&
    convolution.options.bias === true &&
    relu?.type === 'relu' &&
    pool?.type === 'maxPool' &&
    hasWindow(pool, POOL);
  if (!fits) return undefined;
  const [inputChannels, inputHeight, inputWidth] = convolution.inputShapes[0] as [
    number,
    number,
    number,
  ];
  const outputChannels = convolution.outputShape[0] as number;
  return { name: convolution.name, inputChannels, outputChannels, inputHeight, inputWidth };
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
