import type { Network, ResolvedNode, Window } from '@dlcmp/contract';
import { OPERATIONS } from '../nodes';
import {
  type ConvolutionBlock,
  fusedConvolutionBlock,
  pooledFirstBlock,
} from '../nodes/convolution-block';
import { flatten } from '../nodes/flatten';
import type { ImageOrders } from './image-order';
import type { Operation } from './operation';

/** An operation with the names of what it reads and makes. */
export interface PlannedOperation {
  readonly output: string;
  readonly inputs: readonly string[];
  readonly operation: Operation;
}

/**
 * What becomes of a convolution with bias, a rectifier and a max-pool that follow one another:
 *
 * - `separate`: three operations, as they stand.
 * - `pooled-first`: bias and rectifier after the pooling, on fewer values.
 * - `fused`: convolution, bias and rectifier in one pass where the window is that of `simple-cnn`, else `pooled-first`.
 */
export type BlockForm = 'separate' | 'pooled-first' | 'fused';

/** The operations of `network` in order. */
export function planOperations(
  { nodes }: Network,
  orders: ImageOrders,
  blocks: BlockForm,
): readonly PlannedOperation[] {
  const found = blocks === 'separate' ? [] : findBlocks(nodes);
  const inside = new Map(found.flatMap((block) => block.nodes.map((node) => [node.name, block])));
  return nodes.flatMap((node): PlannedOperation[] => {
    const block = inside.get(node.name);
    if (!block)
      return [{ output: node.name, inputs: node.inputs, operation: create(node, orders) }];
    if (node !== block.pool) return [];
    const operation =
      isFusible(block) && blocks === 'fused' ? fusedConvolutionBlock : pooledFirstBlock;
    return [{ output: node.name, inputs: block.convolution.inputs, operation: operation(block) }];
  });
}

function create(node: ResolvedNode, orders: ImageOrders): Operation {
  return node.type === 'flatten' && orders.has(node.name)
    ? flatten(true)
    : OPERATIONS[node.type](node);
}

interface FoundBlock extends ConvolutionBlock {
  readonly nodes: readonly ResolvedNode[];
}

function findBlocks(nodes: readonly ResolvedNode[]): FoundBlock[] {
  const onlyReader = (node: ResolvedNode | undefined, type: ResolvedNode['type']) => {
    const readers = nodes.filter(({ inputs }) => node && inputs.includes(node.name));
    return readers.length === 1 && readers[0]?.type === type ? readers[0] : undefined;
  };
  return nodes.flatMap((convolution) => {
    if (convolution.type !== 'conv2d' || convolution.options.bias !== true) return [];
    const relu = onlyReader(convolution, 'relu');
    const pool = onlyReader(relu, 'maxPool');
    return relu && pool ? [{ convolution, pool, nodes: [convolution, relu, pool] }] : [];
  });
}

/** Whether the block is what the fused kernel computes: 3×3 with as many pixels out as in, and squares of 2×2. */
function isFusible({ convolution, pool }: ConvolutionBlock): boolean {
  return (
    convolution.options.groups === 1 &&
    describe(convolution.window as Window) === '3,3 1,1 1,1 1,1,1,1' &&
    describe(pool.window as Window) === '2,2 2,2 1,1 0,0,0,0'
  );
}

function describe({ kernelSize, stride, dilation, padding }: Window): string {
  const { top, bottom, left, right } = padding;
  return [kernelSize, stride, dilation, [top, bottom, left, right]].join(' ');
}
