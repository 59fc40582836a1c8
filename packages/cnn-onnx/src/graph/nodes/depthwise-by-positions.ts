import type { ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { type AppliedNode, firstShape } from './graph-node';
import { windowOf } from './window';

/** Pairs of an input's and an output's position up to which this is faster than ONNX Runtime's Conv. */
const MOST_PAIRS = 8192;

/** Whether each channel is convolved on its own, from and to images of few pixels. */
export function isSmallDepthwise(node: ResolvedNode): boolean {
  const { inputs, outputs } = areasOf(node);
  return isDepthwise(node) && inputs * outputs <= MOST_PAIRS;
}

/** Whether each channel is convolved on its own. */
export function isDepthwise(node: ResolvedNode): boolean {
  const [channels] = firstShape(node);
  const { groups } = node.options;
  return groups === channels && channels === node.outputShape[0];
}

/**
 * A depthwise convolution as one product a channel, between the positions of its input and those of its output:
 *
 *     Y[c] = X[c] · T[c],   T[c,i,o] = Σ_k W[c,k] · S[k,i,o]
 *     ∂X[c] = ∂Y[c] · T[c]ᵀ,   ∂W[c,k] = Σ_{i,o} (X[c]ᵀ · ∂Y[c])[i,o] · S[k,i,o]
 *
 * X[c] is [images, positions], and S[k,i,o] is 1 where output o sees input i by the kernel's place k. Where images are small
 * that takes a fifth of the time of a Conv, which works out each image of each channel apart.
 */
export function depthwiseByPositions(
  graph: GraphBuilder,
  node: ResolvedNode,
  input: Value,
): AppliedNode {
  const [weight, bias] = [`${node.name}.weight`, `${node.name}.bias`];
  const { channels, places, inputs, outputs } = areasOf(node);
  const sees = graph.float(positionsSeen(node), [places, inputs * outputs]);
  const kernels = graph.node('MatMul', [graph.reshape(weight, channels, places), sees]);
  const matrix = graph.reshape(kernels, channels, inputs, outputs);
  const x = byChannel(graph, input, channels, inputs);
  const products = byImage(graph, graph.node('MatMul', [x, matrix]), node.outputShape);
  const biased = node.options.bias === true;
  return {
    output: biased ? graph.node('Add', [products, graph.reshape(bias, channels, 1, 1)]) : products,
    backward: (outputGradient) => {
      const gradient = byChannel(graph, outputGradient, channels, outputs);
      const pairs = transposedProduct(graph, x, gradient, 'left');
      const flat = graph.reshape(pairs, channels, inputs * outputs);
      const sums = transposedProduct(graph, flat, sees, 'right');
      const shape = [channels, 1, ...windowOf(node).kernelSize];
      return {
        weights: {
          [weight]: graph.reshape(sums, ...shape),
          ...(biased && {
            [bias]: graph.node('ReduceSum', [gradient, graph.integers(1, 2)], { keepdims: 0 }),
          }),
        },
        inputs: [
          () =>
            byImage(graph, transposedProduct(graph, gradient, matrix, 'right'), firstShape(node)),
        ],
      };
    },
  };
}

function areasOf(node: ResolvedNode) {
  const [channels, height, width] = firstShape(node) as [number, number, number];
  const [, rows, columns] = node.outputShape as [number, number, number];
  const { kernelSize } = windowOf(node);
  return {
    ...{ channels, places: kernelSize[0] * kernelSize[1] },
    ...{ inputs: height * width, outputs: rows * columns },
  };
}

/** S, [place, input, output]. */
function positionsSeen(node: ResolvedNode): number[] {
  const { places, inputs, outputs } = areasOf(node);
  const [, height, width] = firstShape(node) as [number, number, number];
  const [, rows, columns] = node.outputShape as [number, number, number];
  const { kernelSize, stride, dilation, padding } = windowOf(node);
  const sees = new Array<number>(places * inputs * outputs).fill(0);
  for (let place = 0; place < places; place++) {
    const [down, across] = [Math.floor(place / kernelSize[1]), place % kernelSize[1]];
    for (let output = 0; output < rows * columns; output++) {
      const row = Math.floor(output / columns) * stride[0] + down * dilation[0] - padding.top;
      const column = (output % columns) * stride[1] + across * dilation[1] - padding.left;
      const isInside = row >= 0 && row < height && column >= 0 && column < width;
      if (isInside) sees[(place * inputs + row * width + column) * outputs + output] = 1;
    }
  }
  return sees;
}

/** [image, channel, …] as [channel, image, position]. */
function byChannel(graph: GraphBuilder, images: Value, channels: number, area: number): Value {
  const flat = graph.reshape(images, -1, channels, area);
  return graph.node('Transpose', [flat], { perm: [1, 0, 2] });
}

/** The way back, to images of `shape`. */
function byImage(graph: GraphBuilder, rows: Value, shape: readonly number[]): Value {
  return graph.reshape(graph.node('Transpose', [rows], { perm: [1, 0, 2] }), -1, ...shape);
}

/** left · right, the one or the other transposed. */
export function transposedProduct(
  graph: GraphBuilder,
  left: Value,
  right: Value,
  transposed: 'left' | 'right',
): Value {
  const attributes = {
    transA: transposed === 'left' ? 1 : 0,
    transB: transposed === 'right' ? 1 : 0,
  };
  return graph.node('FusedMatMul', [left, right], attributes, { domain: 'com.microsoft' });
}
