import type { Device, ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { type ApplyNode, firstShape } from './graph-node';
import { padUneven, transposedConvolution } from './uneven-padding';
import { poolAttributes, windowOf } from './window';

/**
 * Mean of each window; rows and columns that fill none are lost. Padding counts as zeros (`countPadding`), or not at all:
 *
 *     y[n,c,i,j] = 1/count(i,j) Σ_{p,q} x[n,c,s·i+p,s·j+q]
 *     ∂x = Σ ∂y/count over the windows that x lies in
 *
 * The gradient is a transposed convolution with a kernel of ones.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 */
export const averagePool: ApplyNode = ([input], { graph, node, mode: { device } }) => {
  return {
    output: meanOfWindows(graph, node, device, input as Value),
    backward: (gradient) => ({
      inputs: [
        () => {
          const [, height, width] = node.outputShape as [number, number, number];
          const shares = graph.node('Mul', [gradient, reciprocalCounts(graph, node)]);
          const planes = graph.reshape(shares, -1, 1, height, width);
          const spread = transposedConvolution(graph, device, node, [planes, ones(graph, node)]);
          return graph.reshape(spread, -1, ...firstShape(node));
        },
      ],
    }),
  };
};

function meanOfWindows(
  graph: GraphBuilder,
  node: ResolvedNode,
  device: Device,
  input: Value,
): Value {
  const window = windowOf(node);
  const padded = padUneven(graph, device, input, window);
  const counted = node.options.countPadding === true;
  const mean = graph.node('AveragePool', [padded.input], {
    ...poolAttributes(padded.window),
    count_include_pad: counted ? 1 : 0,
  });
  if (counted || padded.window === window) return mean;
  const size = graph.float(window.kernelSize[0] * window.kernelSize[1]);
  return graph.node('Mul', [mean, graph.node('Mul', [size, reciprocalCounts(graph, node)])]);
}

function ones(graph: GraphBuilder, node: ResolvedNode): Value {
  const { kernelSize } = windowOf(node);
  return graph.float(Array<number>(kernelSize[0] * kernelSize[1]).fill(1), [1, 1, ...kernelSize]);
}

/** 1/count of each window, [height, width] or one number for all. */
function reciprocalCounts(graph: GraphBuilder, node: ResolvedNode): Value {
  const { kernelSize, stride, padding } = windowOf(node);
  if (node.options.countPadding === true) return graph.float(1 / (kernelSize[0] * kernelSize[1]));
  const [, inputHeight, inputWidth] = firstShape(node) as [number, number, number];
  const [, height, width] = node.outputShape as [number, number, number];
  const rows = pixelsInside(height, kernelSize[0], stride[0], padding.top, inputHeight);
  const columns = pixelsInside(width, kernelSize[1], stride[1], padding.left, inputWidth);
  const shares = rows.flatMap((row) => columns.map((column) => 1 / (row * column)));
  return graph.float(shares, [height, width]);
}

/** Along one axis: how many pixels of the image each window holds. */
function pixelsInside(
  positions: number,
  length: number,
  stride: number,
  padding: number,
  side: number,
): number[] {
  return Array.from({ length: positions }, (_, position) => {
    const start = position * stride - padding;
    return Math.min(start + length, side) - Math.max(start, 0);
  });
}
