import type { Device, ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { padUneven, transposedConvolution } from './uneven-padding';
import { convolutionAttributes, windowOf } from './window';

/**
 * ∂x of a convolution: ∂y convolved with W turned by 180° and its channel axes exchanged where the stride is 1, which
 * takes a fifth less than what it is otherwise, the transposed convolution of ∂y.
 *
 * Source: Dumoulin and Visin 2016, "A guide to convolution arithmetic for deep learning", section 4.
 */
export function convolutionInputGradient(
  graph: GraphBuilder,
  node: ResolvedNode,
  device: Device,
  weight: Value,
  outputGradient: Value,
): Value {
  const window = windowOf(node);
  const group = node.options.groups as number;
  const padding = turnedPadding(node);
  if (window.stride.every((step) => step === 1) && Object.values(padding).every((p) => p >= 0)) {
    const kernel = turnedKernel(graph, node, weight);
    const turned = padUneven(graph, device, outputGradient, { ...window, padding });
    return graph.node('Conv', [turned.input, kernel], {
      ...convolutionAttributes(turned.window),
      group,
    });
  }
  return transposedConvolution(graph, device, node, [outputGradient, weight], group);
}

/** What leads back to the input's size: the kernel's reach less 1, less the padding there was. */
function turnedPadding(node: ResolvedNode) {
  const { kernelSize, dilation, padding } = windowOf(node);
  const [rows, columns] = [
    (kernelSize[0] - 1) * dilation[0],
    (kernelSize[1] - 1) * dilation[1],
  ] as const;
  const { top, bottom, left, right } = padding;
  return {
    top: rows - top,
    bottom: rows - bottom,
    left: columns - left,
    right: columns - right,
  };
}

/** Within each group W[c,o,-p,-q]: both spatial axes reversed, input and output channels exchanged. */
function turnedKernel(graph: GraphBuilder, node: ResolvedNode, weight: Value): Value {
  const { kernelSize } = windowOf(node);
  const exchanged = exchangeChannels(graph, node, weight);
  if (kernelSize.every((side) => side === 1)) return exchanged;
  const last = graph.integers(-1, -1);
  const beforeFirst = graph.integers(-kernelSize[0] - 1, -kernelSize[1] - 1);
  const axes = graph.integers(2, 3);
  const steps = graph.integers(-1, -1);
  return graph.node('Slice', [exchanged, last, beforeFirst, axes, steps]);
}

function exchangeChannels(graph: GraphBuilder, node: ResolvedNode, weight: Value): Value {
  const groups = node.options.groups as number;
  const { kernelSize } = windowOf(node);
  const inputs = (node.inputShapes[0]?.[0] as number) / groups;
  const outputs = (node.outputShape[0] as number) / groups;
  if (groups === 1) return graph.node('Transpose', [weight], { perm: [1, 0, 2, 3] });
  if (inputs === 1 && outputs === 1) return weight;
  const parts = graph.reshape(weight, groups, outputs, inputs, ...kernelSize);
  const exchanged = graph.node('Transpose', [parts], { perm: [0, 2, 1, 3, 4] });
  return graph.reshape(exchanged, groups * inputs, outputs, ...kernelSize);
}
