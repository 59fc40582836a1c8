import type { Layer, Parameter, VolumeShape } from './layer';

const KERNEL = 3;
const KERNEL_AREA = KERNEL * KERNEL;

/**
 * 3×3 convolution with padding 1 and stride 1. With `x` zero outside the image,
 *
 *     y[o, r, c]        = b[o] + Σ(i, kr, kc) w[o, i, kr, kc] · x[i, r + kr - 1, c + kc - 1]
 *     ∂w[o, i, kr, kc]  = Σ(r, c) ∂y[o, r, c] · x[i, r + kr - 1, c + kc - 1]
 *     ∂x[i, r', c']     = Σ(o, kr, kc) w[o, i, kr, kc] · ∂y[o, r' - kr + 1, c' - kc + 1]
 *
 * @param weight [outputs × inputs × 3 × 3]
 * @param bias [outputs]
 */
export function createConvolution(input: VolumeShape, weight: Parameter, bias: Parameter): Layer {
  const area = input.height * input.width;
  const outputs = bias.value.length;
  let latest: Float64Array = new Float64Array();

  return {
    forward(volume) {
      latest = volume;
      const output = new Float64Array(outputs * area);
      bias.value.forEach((value, o) => void output.fill(value, o * area, (o + 1) * area));
      forEachRun(input, outputs, ({ weightAt, from, to, length }) => {
        const factor = weight.value[weightAt] as number;
        for (let i = 0; i < length; i++) {
          (output[to + i] as number) += factor * (volume[from + i] as number);
        }
      });
      return output;
    },

    backward(outputGradient) {
      const inputGradient = new Float64Array(latest.length);
      for (let o = 0; o < outputs; o++) {
        const plane = outputGradient.subarray(o * area, (o + 1) * area);
        (bias.gradient[o] as number) += plane.reduce((sum, gradient) => sum + gradient, 0);
      }
      forEachRun(input, outputs, ({ weightAt, from, to, length }) => {
        const factor = weight.value[weightAt] as number;
        let sum = 0;
        for (let i = 0; i < length; i++) {
          const gradient = outputGradient[to + i] as number;
          sum += gradient * (latest[from + i] as number);
          (inputGradient[from + i] as number) += gradient * factor;
        }
        (weight.gradient[weightAt] as number) += sum;
      });
      return inputGradient;
    },
  };
}

/** Neighbouring products that share a weight: `length` inputs from `from`, outputs from `to`. */
interface Run {
  readonly weightAt: number;
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** Visits every product of a weight with a pixel that lies inside the image, a row at a time. */
function forEachRun(input: VolumeShape, outputs: number, visit: (run: Run) => void): void {
  const { channels, height, width } = input;
  const taps = listTaps(input);
  for (let output = 0; output < outputs; output++) {
    for (let channel = 0; channel < channels; channel++) {
      taps.forEach(({ firstRow, endRow, firstColumn, length, shift }, tap) => {
        const weightAt = (output * channels + channel) * KERNEL_AREA + tap;
        for (let row = firstRow; row < endRow; row++) {
          const to = (output * height + row) * width + firstColumn;
          const from = (channel * height + row) * width + firstColumn + shift;
          visit({ weightAt, from, to, length });
        }
      });
    }
  }
}

/** For each of a kernel's nine weights, the outputs whose input lies inside the image. */
function listTaps({ height, width }: VolumeShape) {
  return Array.from({ length: KERNEL_AREA }, (_, tap) => {
    const down = Math.floor(tap / KERNEL) - 1;
    const right = (tap % KERNEL) - 1;
    const firstRow = Math.max(0, -down);
    const endRow = firstRow + height - Math.abs(down);
    const firstColumn = Math.max(0, -right);
    const length = width - Math.abs(right);
    return { firstRow, endRow, firstColumn, length, shift: down * width + right };
  });
}
