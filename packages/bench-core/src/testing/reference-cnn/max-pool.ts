import type { Layer, VolumeShape } from './layer';

/**
 * Max-pool 2×2 with stride 2; an odd size loses its last row or column. The gradient goes to the
 * first maximum of each window in row-major order, as in PyTorch.
 */
export function createMaxPool({ channels, height, width }: VolumeShape): Layer {
  const pooledHeight = height >> 1;
  const pooledWidth = width >> 1;
  const winners = new Uint32Array(channels * pooledHeight * pooledWidth);

  return {
    forward(input) {
      const output = new Float64Array(winners.length);
      let at = 0;
      for (let channel = 0; channel < channels; channel++) {
        for (let row = 0; row < pooledHeight; row++) {
          for (let column = 0; column < pooledWidth; column++) {
            const corner = (channel * height + 2 * row) * width + 2 * column;
            const winner = firstMaximum(input, corner, width);
            winners[at] = winner;
            output[at++] = input[winner] as number;
          }
        }
      }
      return output;
    },

    backward(outputGradient) {
      const inputGradient = new Float64Array(channels * height * width);
      outputGradient.forEach((gradient, at) => {
        inputGradient[winners[at] as number] = gradient;
      });
      return inputGradient;
    },
  };
}

/** Position of the first maximum of the 2×2 window at `corner`. */
function firstMaximum(values: Float64Array, corner: number, width: number): number {
  let best = corner;
  for (const position of [corner + 1, corner + width, corner + width + 1]) {
    if ((values[position] as number) > (values[best] as number)) best = position;
  }
  return best;
}
