import type { Window } from '@dlcmp/contract';
import type { ReferenceNode, Values } from '../reference-node';
import { forEachWindowRow, type ImageShape } from '../window-rows';

/**
 * The largest value under each position of the window; padding is never it. The gradient goes to the first maximum in
 * row-major order, as in PyTorch.
 */
export const maxPool: ReferenceNode = (node, [input], { size }) => {
  const x = input as Values;
  const [channels] = node.outputShape as ImageShape;
  const count = size * node.outputShape.reduce((a, b) => a * b, 1);
  const output = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  const winners = new Uint32Array(count);
  forEachWindowRow(node, ({ from, to, length, step, inputArea, outputArea }) => {
    for (let plane = 0; plane < size * channels; plane++) {
      for (let i = 0; i < length; i++) {
        const at = plane * inputArea + from + i * step;
        const target = plane * outputArea + to + i;
        if ((x[at] as number) > (output[target] as number)) {
          output[target] = x[at] as number;
          winners[target] = at;
        }
      }
    }
  });
  return {
    output,
    backward(gradient) {
      const inputGradient = new Float64Array(x.length);
      gradient.forEach((value, at) => {
        (inputGradient[winners[at] as number] as number) += value;
      });
      return [inputGradient];
    },
  };
};

/** The mean under each position of the window, over all its places or, `countPadding` off, those inside the image. */
export const averagePool: ReferenceNode = (node, [input], { size }) => {
  const x = input as Values;
  const [channels] = node.outputShape as ImageShape;
  const output = new Float64Array(size * node.outputShape.reduce((a, b) => a * b, 1));
  const divisors = windowDivisors(node);
  const visit = (use: (at: number, target: number, divisor: number) => void) =>
    forEachWindowRow(node, ({ from, to, length, step, inputArea, outputArea }) => {
      for (let plane = 0; plane < size * channels; plane++) {
        for (let i = 0; i < length; i++) {
          const target = plane * outputArea + to + i;
          use(plane * inputArea + from + i * step, target, divisors[to + i] as number);
        }
      }
    });
  visit((at, target, divisor) => {
    (output[target] as number) += (x[at] as number) / divisor;
  });
  return {
    output,
    backward(gradient) {
      const inputGradient = new Float64Array(x.length);
      visit((at, target, divisor) => {
        (inputGradient[at] as number) += (gradient[target] as number) / divisor;
      });
      return [inputGradient];
    },
  };
};

function windowDivisors(node: Parameters<ReferenceNode>[0]): Float64Array {
  const [, height, width] = node.outputShape as ImageShape;
  const [rows, columns] = (node.window as Window).kernelSize;
  if (node.options.countPadding === true)
    return new Float64Array(height * width).fill(rows * columns);
  const counts = new Float64Array(height * width);
  forEachWindowRow(node, ({ to, length }) => {
    for (let i = 0; i < length; i++) (counts[to + i] as number)++;
  });
  return counts;
}

/** Mean of each channel, [channels, height, width] → [channels, 1, 1]. */
export const globalAveragePool: ReferenceNode = (node, [input], { size }) => {
  const x = input as Values;
  const [channels, height, width] = node.inputShapes[0] as ImageShape;
  const area = height * width;
  const output = Float64Array.from({ length: size * channels }, (_, plane) => {
    const values = x.subarray(plane * area, (plane + 1) * area);
    return values.reduce((sum, value) => sum + value, 0) / area;
  });
  return {
    output,
    backward: (gradient) => [
      new Float64Array(x.length).map((_, at) => (gradient[Math.floor(at / area)] as number) / area),
    ],
  };
};
