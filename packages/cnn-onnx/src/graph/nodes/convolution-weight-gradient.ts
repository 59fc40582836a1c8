import type { Device, ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { depthwiseWeightGradient, hasDepthwiseRows } from './depthwise-weight-gradient';
import { firstShape } from './graph-node';
import { padUneven } from './uneven-padding';
import { windowOf } from './window';

/** Pixels of an image up to which, and channels from which on, a product for each offset takes less than one of all columns. */
const SMALL_AREA = 576;
const MANY_CHANNELS = 16;

/**
 * ∂W of a convolution:
 *
 *     ∂W[o,c,p,q] = Σ_{n,i,j} ∂y[n,o,i,j] · x[n,c,s·i+d·p,s·j+d·q]        with x padded by zeros
 *
 * Without groups it is a product of matrices, ∂y · columnsᵀ, where the columns are x by im2col, together or offset by offset:
 * that takes a half to a quarter of the time of the same sum as a convolution. With groups it is that convolution, or {@link depthwiseWeightGradient}.
 */
export function convolutionWeightGradient(
  graph: GraphBuilder,
  node: ResolvedNode,
  device: Device,
  input: Value,
  outputGradient: Value,
): Value {
  if (device === 'cpu' && hasDepthwiseRows(node))
    return depthwiseWeightGradient(graph, node, input, outputGradient);
  if (node.options.groups !== 1) return groupedGradient(graph, node, device, input, outputGradient);
  const [outputs, ...sides] = node.outputShape as [number, number, number];
  const area = sides[0] * sides[1];
  const inputs = firstShape(node)[0] as number;
  const rows = graph.reshape(outputGradient, -1, outputs, area);
  const moved = movedInputs(graph, node, input);
  const apart = device === 'cpu' && area <= SMALL_AREA && inputs >= MANY_CHANNELS;
  const sums = (apart ? moved : [concat(graph, moved, 1)]).map((images) => {
    const columns = graph.reshape(images, -1, apart ? inputs : inputs * moved.length, area);
    const sum =
      outputs > area ? overAll(graph, rows, columns) : byImage(graph, device, rows, columns);
    return graph.reshape(sum, outputs, -1, inputs);
  });
  const { kernelSize } = windowOf(node);
  const offsetFirst = graph.reshape(concat(graph, sums, 1), outputs, ...kernelSize, inputs);
  return graph.node('Transpose', [offsetFirst], { perm: [0, 3, 1, 2] });
}

function concat(graph: GraphBuilder, values: readonly Value[], axis: number): Value {
  const [only] = values;
  return values.length === 1 ? (only as Value) : graph.node('Concat', values, { axis });
}

/** A product an image, then their sum: right where products are smaller than the columns. */
function byImage(graph: GraphBuilder, device: Device, rows: Value, columns: Value): Value {
  const sum = (products: Value) =>
    graph.node('ReduceSum', [products, graph.integers(0)], { keepdims: 0 });
  if (device === 'webgpu') {
    // It has no FusedMatMul. Of the two, the columns are the larger to turn round.
    const turned = graph.node('Transpose', [rows], { perm: [0, 2, 1] });
    const products = sum(graph.node('MatMul', [columns, turned]));
    return graph.node('Transpose', [products], { perm: [1, 0] });
  }
  const attributes = { transB: 1 };
  return sum(graph.node('FusedMatMul', [rows, columns], attributes, { domain: 'com.microsoft' }));
}

/** One product over all images. */
function overAll(graph: GraphBuilder, rows: Value, columns: Value): Value {
  const together = (value: Value) =>
    graph.node('Flatten', [graph.node('Transpose', [value], { perm: [1, 0, 2] })]);
  return graph.node('Gemm', [together(rows), together(columns)], { transB: 1 });
}

/** The padded input moved by each offset of the kernel, each [batch, c, height, width]: together, im2col. */
function movedInputs(graph: GraphBuilder, node: ResolvedNode, input: Value): Value[] {
  const { kernelSize, stride, dilation, padding } = windowOf(node);
  const { top, bottom, left, right } = padding;
  const [, height, width] = node.outputShape as [number, number, number];
  const padded =
    top + bottom + left + right === 0
      ? input
      : graph.node('Pad', [input, graph.integers(0, 0, top, left, 0, 0, bottom, right)]);
  if ([...kernelSize, ...stride].every((length) => length === 1)) return [padded];
  const axes = graph.integers(2, 3);
  const steps = graph.integers(...stride);
  const moved: Value[] = [];
  for (let p = 0; p < kernelSize[0] * dilation[0]; p += dilation[0]) {
    for (let q = 0; q < kernelSize[1] * dilation[1]; q += dilation[1]) {
      const end = [p + (height - 1) * stride[0] + 1, q + (width - 1) * stride[1] + 1];
      const [from, to] = [graph.integers(p, q), graph.integers(...end)];
      moved.push(graph.node('Slice', [padded, from, to, axes, steps]));
    }
  }
  return moved;
}

/**
 * A convolution with batch and channels exchanged and ∂y as its kernel, so that stride and dilation change places. Each
 * input channel of a group is an image whose channels are the batch.
 */
function groupedGradient(
  graph: GraphBuilder,
  node: ResolvedNode,
  device: Device,
  input: Value,
  outputGradient: Value,
): Value {
  const groups = node.options.groups as number;
  const { kernelSize, stride, dilation } = windowOf(node);
  const [channels, height, width] = firstShape(node) as [number, number, number];
  const inputs = channels / groups;
  const apart = graph.reshape(input, -1, groups, inputs, height, width);
  const exchanged = graph.node('Transpose', [apart], { perm: [2, 1, 0, 3, 4] });
  const images = graph.reshape(exchanged, inputs, -1, height, width);
  const kernel = graph.node('Transpose', [outputGradient], { perm: [1, 0, 2, 3] });
  const padded = padUneven(graph, device, images, windowOf(node));
  const { top, bottom, left, right } = padded.window.padding;
  const sums = graph.node('Conv', [padded.input, kernel], {
    kernel_shape: node.outputShape.slice(1),
    strides: dilation,
    dilations: stride,
    pads: [top, left, bottom, right],
    group: groups,
  });
  const [start, end, axes] = [[0, 0], kernelSize, [2, 3]].map((v) => graph.integers(...v));
  const kept = graph.node('Slice', [sums, start as Value, end as Value, axes as Value]);
  return graph.node('Transpose', [kept], { perm: [1, 0, 2, 3] });
}
