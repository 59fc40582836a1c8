import type { ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { firstShape } from './graph-node';
import { windowOf } from './window';

/** What a max-pool took and gave, and the gradient of what it gave. */
interface PooledValues {
  readonly input: Value;
  readonly output: Value;
  readonly gradient: Value;
}

/** Axes of an image: rows, then columns. */
const AXES = [2, 3] as const;

/**
 * ∂x of a max-pool by operators that every GPU has kernels of. For each pixel (p, q) of the window, in row order:
 *
 *     chosen[p,q] = ∂y where x[s·i+p, s·j+q] = y[i,j] and no earlier pixel of the window was, else 0
 *     ∂x[s·i+p, s·j+q] += chosen[p,q]
 */
export function maxPoolGradient(
  graph: GraphBuilder,
  node: ResolvedNode,
  { input, output, gradient }: PooledValues,
): Value {
  const { kernelSize } = windowOf(node);
  const zero = graph.float(0);
  const padded = padLowest(graph, node, input);
  let left = gradient;
  const rows = Array.from({ length: kernelSize[0] }, (_, p) => {
    const chosen = Array.from({ length: kernelSize[1] }, (_, q) => {
      const hit = graph.node('Equal', [windowPixels(graph, node, padded, [p, q]), output]);
      const taken = graph.node('Where', [hit, left, zero]);
      left = graph.node('Where', [hit, zero, left]);
      return taken;
    });
    return layBack(graph, node, chosen, 1);
  });
  return layBack(graph, node, rows, 0);
}

/** Padding is never the largest. */
function padLowest(graph: GraphBuilder, node: ResolvedNode, input: Value): Value {
  const { top, bottom, left, right } = windowOf(node).padding;
  if (top + bottom + left + right === 0) return input;
  const pads = graph.integers(0, 0, top, left, 0, 0, bottom, right);
  return graph.node('Pad', [input, pads, graph.float(Number.NEGATIVE_INFINITY)]);
}

/** The pixel at `offset` of every window, of the pool's output's shape. */
function windowPixels(
  graph: GraphBuilder,
  node: ResolvedNode,
  padded: Value,
  offset: readonly [number, number],
): Value {
  const { stride } = windowOf(node);
  const [, ...sides] = node.outputShape as [number, number, number];
  const ends = offset.map((start, axis) => start + (at(sides, axis) - 1) * at(stride, axis) + 1);
  const parameters = [offset, ends, AXES, stride].map((numbers) => graph.integers(...numbers));
  return graph.node('Slice', [padded, ...parameters]);
}

/**
 * Along one side, [… windows …] for each pixel of the window becomes [… pixels of the input …]: pixels that lie a stride
 * apart are added where windows overlap, the others stand between one another.
 */
function layBack(
  graph: GraphBuilder,
  node: ResolvedNode,
  pixels: readonly Value[],
  side: 0 | 1,
): Value {
  const { stride, padding } = windowOf(node);
  const [axis, step] = [AXES[side], stride[side]];
  const windows = node.outputShape[side + 1] as number;
  const overlap = Math.ceil(pixels.length / step) - 1;
  const groups = pixels.slice(0, step).map((_, remainder) => {
    const members = pixels.filter((_, pixel) => pixel % step === remainder);
    return members
      .map((value, shift) => padAxis(graph, value, axis, shift, overlap - shift))
      .reduce((sum, value) => graph.node('Add', [sum, value]));
  });
  const length = (windows + overlap) * step;
  const laid = interleave(graph, node, groups, side, length);
  const start = side === 0 ? padding.top : padding.left;
  const end = start + (firstShape(node)[side + 1] as number);
  const long = padAxis(graph, laid, axis, 0, Math.max(0, end - length));
  if (start === 0 && end >= length) return long;
  return graph.node('Slice', [long, ...[start, end, axis].map((n) => graph.integers(n))]);
}

/** The first of each, then the second of each, …; zeros where a stride is longer than the window. */
function interleave(
  graph: GraphBuilder,
  node: ResolvedNode,
  groups: readonly Value[],
  side: 0 | 1,
  length: number,
): Value {
  const step = windowOf(node).stride[side];
  if (step === 1) return groups[0] as Value;
  const axis = AXES[side] + 1;
  const apart = groups.map((group) => graph.node('Unsqueeze', [group, graph.integers(axis)]));
  const together = graph.node('Concat', apart, { axis });
  const whole = padAxis(graph, together, axis, 0, step - groups.length, 5);
  const [channels, windows] = node.outputShape as [number, number, number];
  return side === 0
    ? graph.reshape(whole, -1, channels, length, firstShape(node)[2] as number)
    : graph.reshape(whole, -1, channels, windows, length);
}

/** Zeros before and behind along one axis of `rank`. */
function padAxis(
  graph: GraphBuilder,
  value: Value,
  axis: number,
  before: number,
  behind: number,
  rank = 4,
): Value {
  if (before + behind === 0) return value;
  const pads = Array<number>(2 * rank).fill(0);
  pads[axis] = before;
  pads[rank + axis] = behind;
  return graph.node('Pad', [value, graph.integers(...pads)]);
}

function at(numbers: readonly number[], index: number): number {
  return numbers[index] as number;
}
