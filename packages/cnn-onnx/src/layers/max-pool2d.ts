import type { Layer } from './layer';

/**
 * Largest value of each `size` × `size` square; squares don't overlap, and rows and columns that
 * fill no square are lost:
 *
 *     y[n,c,i,j] = max_{p,q} x[n,c,s·i+p,s·j+q]
 *     ∂x = ∂y where x is the first largest of its square (in row order), else 0
 *
 * Source: https://onnx.ai/onnx/operators/onnx__MaxPool.html (`Indices`) and
 * https://onnx.ai/onnx/operators/onnx__MaxUnpool.html
 *
 * @param size default 2
 */
export function maxPool2d(size = 2): Layer {
  const window = { kernel_shape: [size, size], strides: [size, size] };
  return {
    poolsMaximum: true,
    outputShape: ([channels, height, width]) => [
      channels as number,
      Math.floor((height as number) / size),
      Math.floor((width as number) / size),
    ],
    weightShapes: () => ({}),
    apply(input, { graph, training }) {
      const outputs = graph.nodeWithOutputs(training ? 2 : 1, 'MaxPool', [input], window);
      const [output, indices] = outputs as [string, string];
      return {
        output,
        backward: (outputGradient) => ({
          weights: {},
          input: () => {
            const inputSize = graph.node('Shape', [input]);
            return graph.node('MaxUnpool', [outputGradient, indices, inputSize], window);
          },
        }),
      };
    },
  };
}
