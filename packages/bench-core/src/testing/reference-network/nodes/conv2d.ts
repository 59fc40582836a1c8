import type { ResolvedNode, Window } from '@dlcmp/contract';
import type { ReferenceNode } from '../reference-node';
import { forEachWindowRow, type ImageShape } from '../window-rows';

/**
 * Convolution with `x` zero outside the image, g the group that output channel o is of:
 *
 *     y[n,o,i,j]  = b[o] + Σ(c,p,q) w[o,c,p,q] · x[n, g·C + c, s·i + d·p - top, s·j + d·q - left]
 *     ∂w[o,c,p,q] = Σ(n,i,j) ∂y[n,o,i,j] · x[…],   ∂x[…] += w[o,c,p,q] · ∂y[n,o,i,j],   ∂b[o] = Σ ∂y[n,o,i,j]
 */
export const conv2d: ReferenceNode = (node, [input], { size, parameter }) => {
  const x = input as Float64Array;
  const weight = parameter('weight');
  const bias = parameter('bias');
  if (!weight) throw new Error(`${node.name} has no weight.`);
  const [outputs, height, width] = node.outputShape as ImageShape;
  const area = height * width;
  const output = new Float64Array(size * outputs * area);
  for (let plane = 0; bias && plane < size * outputs; plane++) {
    output.fill(bias.value[plane % outputs] as number, plane * area, (plane + 1) * area);
  }
  forEachTap(node, size, (tap) => {
    const { weightAt, from, to, length, step } = tap;
    const factor = weight.value[weightAt] as number;
    for (let i = 0; i < length; i++)
      (output[to + i] as number) += factor * (x[from + i * step] as number);
  });
  return {
    output,
    backward(gradient) {
      const inputGradient = new Float64Array(x.length);
      for (let plane = 0; bias && plane < size * outputs; plane++) {
        const values = gradient.subarray(plane * area, (plane + 1) * area);
        (bias.gradient[plane % outputs] as number) += values.reduce((sum, value) => sum + value, 0);
      }
      forEachTap(node, size, ({ weightAt, from, to, length, step }) => {
        const factor = weight.value[weightAt] as number;
        let sum = 0;
        for (let i = 0; i < length; i++) {
          const value = gradient[to + i] as number;
          sum += value * (x[from + i * step] as number);
          (inputGradient[from + i * step] as number) += value * factor;
        }
        (weight.gradient[weightAt] as number) += sum;
      });
      return [inputGradient];
    },
  };
};

interface Tap {
  readonly weightAt: number;
  /** Of the first input and the first output of a row that share the weight. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
  /** From one input to the next. */
  readonly step: number;
}

/** Visits every product of a weight with a pixel inside the image, a row at a time. */
function forEachTap(node: ResolvedNode, size: number, visit: (tap: Tap) => void): void {
  const [inputs] = node.inputShapes[0] as ImageShape;
  const [outputs] = node.outputShape as ImageShape;
  const groups = node.options.groups as number;
  const perGroup = inputs / groups;
  const [rows, columns] = (node.window as Window).kernelSize;
  forEachWindowRow(node, (row) => {
    const element = row.kernelRow * columns + row.kernelColumn;
    for (let image = 0; image < size; image++) {
      for (let output = 0; output < outputs; output++) {
        const group = Math.floor(output / (outputs / groups));
        for (let channel = 0; channel < perGroup; channel++) {
          const plane = image * inputs + group * perGroup + channel;
          visit({
            weightAt: (output * perGroup + channel) * rows * columns + element,
            from: plane * row.inputArea + row.from,
            to: (image * outputs + output) * row.outputArea + row.to,
            length: row.length,
            step: row.step,
          });
        }
      }
    }
  });
}
