import { assertArgument } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../onnx/graph-builder';
import type { Layer } from './layer';
import { assertWindow, type Window, windowAttributes, windowPositions } from './window';

export interface PoolOptions {
  /** Side of the square. Default 2. */
  readonly size?: number;
  /** Pixels from one square to the next. Default `size`: squares side by side. */
  readonly stride?: number;
  /** Pixels around the image, at most half of `size`. Default 0. */
  readonly padding?: number;
}

/**
 * Largest value of each square; rows and columns that fill no square are lost, and pixels around the
 * image never count:
 *
 *     y[n,c,i,j] = max_{p,q} x[n,c,s·i+p,s·j+q]
 *     ∂x = Σ ∂y over the squares whose first largest value (in row order) is x
 *
 * Source: https://onnx.ai/onnx/operators/onnx__MaxPool.html (`Indices`),
 * https://onnx.ai/onnx/operators/onnx__MaxUnpool.html and
 * https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 */
export function maxPool2d(options: PoolOptions = {}): Layer {
  const window = poolWindow('maxPool2d', options);
  return {
    description: { type: 'maxPool2d', ...window },
    poolsMaximum: true,
    outputShape: (shape) => [shape[0] as number, ...windowPositions('maxPool2d', window, shape)],
    weightShapes: () => ({}),
    apply(input, { graph, training }) {
      const attributes = windowAttributes(window);
      const outputs = graph.nodeWithOutputs(training ? 2 : 1, 'MaxPool', [input], attributes);
      const [output, indices] = outputs as [Value, Value];
      return {
        output,
        backward: (outputGradient) => ({
          weights: {},
          input: () =>
            window.stride >= window.size && window.padding === 0
              ? unpool(graph, input, outputGradient, indices, window)
              : scatter(graph, input, outputGradient, indices),
        }),
      };
    },
  };
}

/** The window of a pool, checked. */
export function poolWindow(
  layer: string,
  { size = 2, stride = size, padding = 0 }: PoolOptions,
): Window {
  const window = { size, stride, padding };
  assertWindow(layer, window);
  assertArgument(
    2 * padding <= size,
    `${layer}: padding must be at most half of size ${size}, not ${padding}: a square could lie outside the image.`,
  );
  return window;
}

/** Squares that don't overlap: each pixel takes the gradient of at most one. */
function unpool(
  graph: GraphBuilder,
  input: Value,
  outputGradient: Value,
  indices: Value,
  window: Window,
): Value {
  const inputSize = graph.node('Shape', [input]);
  return graph.node('MaxUnpool', [outputGradient, indices, inputSize], windowAttributes(window));
}

/** Squares that overlap: a pixel may be the largest of several, whose gradients are added. */
function scatter(graph: GraphBuilder, input: Value, outputGradient: Value, indices: Value): Value {
  const flat = (value: Value) => graph.node('Reshape', [value, graph.integers(-1)]);
  const zeros = flat(graph.node('ConstantOfShape', [graph.node('Shape', [input])]));
  const sums = graph.node('ScatterElements', [zeros, flat(indices), flat(outputGradient)], {
    axis: 0,
    reduction: 'add',
  });
  return graph.node('Reshape', [sums, graph.node('Shape', [input])]);
}
