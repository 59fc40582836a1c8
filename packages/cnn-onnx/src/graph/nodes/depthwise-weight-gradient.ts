import type { ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { isDepthwise, transposedProduct } from './depthwise-by-positions';
import { firstShape } from './graph-node';
import { windowOf } from './window';

/** Whether {@link depthwiseWeightGradient} is the faster way: with a stride its rows are gathered too slowly. */
export function hasDepthwiseRows(node: ResolvedNode): boolean {
  return isDepthwise(node) && windowOf(node).stride.every((step) => step === 1);
}

/**
 * ∂W of a depthwise convolution of stride 1 as one product of rows for each row p of the kernel:
 *
 *     M[c,p,j,l] = Σ_{n,i} ∂y[n,c,i,j] · x[n,c,i+d·p,l],   ∂W[c,p,q] = Σ_j M[c,p,j,j+d·q]        with x padded by zeros
 *
 * That is more multiplications than the sum has, as a matrix product over all images, and no im2col.
 */
export function depthwiseWeightGradient(
  graph: GraphBuilder,
  node: ResolvedNode,
  input: Value,
  outputGradient: Value,
): Value {
  const [channels, , width] = firstShape(node) as [number, number, number];
  const [, rows, columns] = node.outputShape as [number, number, number];
  const { kernelSize, dilation, padding } = windowOf(node);
  const { top, bottom, left, right } = padding;
  const padded = graph.node('Pad', [input, graph.integers(0, 0, top, left, 0, 0, bottom, right)]);
  const byChannel = (value: Value) => graph.node('Transpose', [value], { perm: [1, 0, 2, 3] });
  const x = byChannel(padded);
  const gradient = graph.reshape(byChannel(outputGradient), channels, -1, columns);
  const length = left + width + right;
  const diagonals = graph.float(diagonalsOf(node, length), [columns * length, kernelSize[1]]);
  const sums = Array.from({ length: kernelSize[0] }, (_, p) => {
    const bounds = [p * dilation[0], p * dilation[0] + rows, 2].map((v) => graph.integers(v));
    const moved = graph.reshape(graph.node('Slice', [x, ...bounds]), channels, -1, length);
    const products = transposedProduct(graph, gradient, moved, 'left');
    return graph.node('MatMul', [graph.reshape(products, channels, columns * length), diagonals]);
  });
  return graph.reshape(graph.node('Concat', sums, { axis: 1 }), channels, 1, ...kernelSize);
}

/** [j, l, q]: 1 where column j of the output sees column l by the kernel's column q. */
function diagonalsOf(node: ResolvedNode, length: number): number[] {
  const columns = node.outputShape[2] as number;
  const { kernelSize, dilation } = windowOf(node);
  const values = new Array<number>(columns * length * kernelSize[1]).fill(0);
  for (let j = 0; j < columns; j++) {
    for (let q = 0; q < kernelSize[1]; q++)
      values[(j * length + j + q * dilation[1]) * kernelSize[1] + q] = 1;
  }
  return values;
}
