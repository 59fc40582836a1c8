import type { LabelledImages } from '@dlcmp/contract';

const WAVES = 6;

/** Images of a few plane waves a channel, by a seed: as smooth as photographs, so that a batch's statistics are well conditioned. */
export function smoothImages(count: number, side: number, classCount: number): LabelledImages {
  const random = generator(20261130);
  const pixels = new Uint8Array(count * side * side * 3);
  const labels = Int32Array.from({ length: count }, () => Math.floor(random() * classCount));
  for (let image = 0; image < count; image++) {
    for (let channel = 0; channel < 3; channel++) {
      const waves = Array.from({ length: WAVES }, () => ({
        across: (12 * (random() - 0.5)) / side,
        down: (12 * (random() - 0.5)) / side,
        phase: random(),
        height: 90 * (random() - 0.5),
      }));
      for (let pixel = 0; pixel < side * side; pixel++) {
        const [x, y] = [pixel % side, Math.floor(pixel / side)];
        const value = waves.reduce(
          (sum, { across, down, phase, height }) =>
            sum + height * Math.cos(2 * Math.PI * (across * x + down * y + phase)),
          128,
        );
        pixels[(image * side * side + pixel) * 3 + channel] = Math.min(255, Math.max(0, value));
      }
    }
  }
  return { pixels, labels, count };
}

/** Numerical Recipes' linear congruential generator: values from 0 to 1. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
