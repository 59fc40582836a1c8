import type { ResolvedNode } from '@dlcmp/contract';
import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import type { ApplyNode } from './graph-node';
import { maxPoolGradient } from './max-pool-gradient';
import { poolAttributes, windowOf } from './window';

/**
 * Largest value of each window; rows and columns that fill none are lost, and padding is never the largest:
 *
 *     y[n,c,i,j] = max_{p,q} x[n,c,s·i+p,s·j+q]
 *     ∂x = Σ ∂y over the windows whose first largest value (in row order) is x
 *
 * The CPU puts gradients where MaxPool's indices say. CUDA has no MaxUnpool and WebGPU no indices: see
 * {@link maxPoolGradient}.
 *
 * Source: https://onnx.ai/onnx/operators/onnx__MaxPool.html (`Indices`),
 * https://onnx.ai/onnx/operators/onnx__MaxUnpool.html and
 * https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 */
export const maxPool: ApplyNode = ([input], { graph, node, mode }) => {
  const x = input as Value;
  const attributes = poolAttributes(windowOf(node));
  if (mode.device !== 'cpu') {
    const output = graph.node('MaxPool', [x], attributes);
    return {
      output,
      backward: (gradient) => ({
        inputs: [() => maxPoolGradient(graph, node, { input: x, output, gradient })],
      }),
    };
  }
  const outputs = graph.nodeWithOutputs(mode.training ? 2 : 1, 'MaxPool', [x], attributes);
  const [output, indices] = outputs as [Value, Value];
  return {
    output,
    backward: (gradient) => ({
      inputs: [
        () =>
          overlaps(node)
            ? scatter(graph, x, gradient, indices)
            : graph.node('MaxUnpool', [gradient, indices, graph.node('Shape', [x])], attributes),
      ],
    }),
  };
};

/** Whether a pixel can lie in several windows, or padding in one. */
function overlaps(node: ResolvedNode): boolean {
  const { kernelSize, stride, padding } = windowOf(node);
  return (
    stride[0] < kernelSize[0] ||
    stride[1] < kernelSize[1] ||
    Object.values(padding).some((side) => side > 0)
  );
}

/** A pixel may be the largest of several windows, whose gradients are added. */
function scatter(graph: GraphBuilder, input: Value, gradient: Value, indices: Value): Value {
  const flat = (value: Value) => graph.reshape(value, -1);
  const shape = graph.node('Shape', [input]);
  const zeros = flat(graph.node('ConstantOfShape', [shape]));
  const sums = graph.node('ScatterElements', [zeros, flat(indices), flat(gradient)], {
    axis: 0,
    reduction: 'add',
  });
  return graph.node('Reshape', [sums, shape]);
}
