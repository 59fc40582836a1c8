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
      for (let at = 0; at < output.length; at++) {
        const channel = Math.floor(at / (pooledHeight * pooledWidth));
        const row = Math.floor(at / pooledWidth) % pooledHeight;
        const corner = (channel * height + 2 * row) * width + 2 * (at % pooledWidth);
        const winner = firstMaximum(input, [
          corner,
          corner + 1,
          corner + width,
          corner + width + 1,
        ]);
        winners[at] = winner;
        output[at] = input[winner] as number;
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

function firstMaximum(values: Float64Array, positions: readonly number[]): number {
  return positions.reduce((best, position) =>
    (values[position] as number) > (values[best] as number) ? position : best,
  );
}
