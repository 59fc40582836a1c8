import { describe, expect, it } from '@jest/globals';
import { convolutionGraph, imageGradientGraph, kernelGradientGraph } from '../../src/cuda/graphs';
import { randomValues } from '../graph/nodes/node-check';
import { relativeError } from '../relative-error';
import { inMemory, runtime } from '../runtime/c-api/bound-memory';

const [BATCH, INPUTS, OUTPUTS, HEIGHT, WIDTH] = [2, 3, 4, 5, 6];
const floats = (count: number) => Float32Array.from(randomValues(count));

/** The 3×3 neighbourhoods as the GPU's kernel lays them out: [input channel, p, q, image, i, j]. */
function neighbourhoods(images: Float32Array): Float32Array {
  const columns: number[] = [];
  for (let c = 0; c < INPUTS; c++) {
    for (let tap = 0; tap < 9; tap++) {
      for (let n = 0; n < BATCH; n++) {
        for (let at = 0; at < HEIGHT * WIDTH; at++) {
          const row = Math.floor(at / WIDTH) + Math.floor(tap / 3) - 1;
          const column = (at % WIDTH) + (tap % 3) - 1;
          const inside = row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH;
          const index = ((n * INPUTS + c) * HEIGHT + row) * WIDTH + column;
          columns.push(inside ? (images[index] as number) : 0);
        }
      }
    }
  }
  return Float32Array.from(columns);
}

/** [image, channel, place] to [channel, image, place]. */
function channelsFirst(images: Float32Array): Float32Array {
  const area = HEIGHT * WIDTH;
  return images.map((_, at) => {
    const [channel, image, place] = [
      ...[Math.floor(at / area / BATCH), Math.floor(at / area) % BATCH, at % area],
    ] as [number, number, number];
    return images[(image * OUTPUTS + channel) * area + place] as number;
  });
}

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);

describe('a convolution in bound memory', () => {
  const imageShape = [BATCH, INPUTS, HEIGHT, WIDTH];
  const outputShape = [BATCH, OUTPUTS, HEIGHT, WIDTH];
  const kernelShape = [OUTPUTS, INPUTS, 3, 3];
  const places = BATCH * HEIGHT * WIDTH;
  const images = floats(places * INPUTS);
  const kernel = floats(OUTPUTS * INPUTS * 9);
  const gradient = floats(places * OUTPUTS);
  const output = new Float32Array(gradient.length);
  const session = runtime.openSession(convolutionGraph());
  session
    .bind(
      {
        input: inMemory(images, imageShape),
        weight: inMemory(kernel, kernelShape),
        output: inMemory(output, outputShape),
      },
      ['output'],
    )
    .run();

  it('is the product of kernel and neighbourhoods', () => {
    const columns = neighbourhoods(images);
    const expected = channelsFirst(output).map((_, at) => {
      const [channel, place] = [Math.floor(at / places), at % places];
      let sum = 0;
      for (let tap = 0; tap < INPUTS * 9; tap++) {
        const weight = kernel[channel * INPUTS * 9 + tap] as number;
        sum += weight * (columns[tap * places + place] as number);
      }
      return sum;
    });
    expect(relativeError(channelsFirst(output), expected)).toBeLessThan(1e-5);
  });

  it('has gradients that are its adjoints: linear in image and kernel, ⟨Wx, g⟩ = ⟨x, Wᵀg⟩ = ⟨W, g xᵀ⟩', () => {
    const imageGradient = new Float32Array(images.length);
    const kernelGradient = new Float32Array(kernel.length);
    runtime
      .openSession(imageGradientGraph())
      .bind(
        {
          gradient: inMemory(gradient, outputShape),
          weight: inMemory(kernel, kernelShape),
          inputGradient: inMemory(imageGradient, imageShape),
        },
        ['inputGradient'],
      )
      .run();
    runtime
      .openSession(kernelGradientGraph())
      .bind(
        {
          gradient: inMemory(channelsFirst(gradient), [OUTPUTS, places]),
          columns: inMemory(neighbourhoods(images), [INPUTS * 9, places]),
          weightGradient: inMemory(kernelGradient, [OUTPUTS, INPUTS * 9]),
        },
        ['weightGradient'],
      )
      .run();
    const expected = dot(output, gradient);
    expect(dot(images, imageGradient)).toBeCloseTo(expected, 3);
    expect(dot(kernel, kernelGradient)).toBeCloseTo(expected, 3);
  });
});
