import { describe, expect, it } from '@jest/globals';
import {
  convolutionGraph,
  denseInferenceGraph,
  denseTrainingGraph,
  imageGradientGraph,
  kernelGradientGraph,
} from '../../src/cuda/graphs';
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

describe('the dense part in bound memory', () => {
  const sizes = { features: 7, hiddenUnits: 5, classes: 3, dropoutRate: 0.5 };
  const batch = 4;
  const shapes: Record<string, number[]> = {
    features: [batch, 7],
    'fc1.weight': [5, 7],
    'fc1.bias': [5],
    'fc2.weight': [3, 5],
    'fc2.bias': [3],
  };
  const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
  const values = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, floats(count(shape))]),
  );
  const bound = (arrays: Record<string, Float32Array>, suffix = '') =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        `${name}${suffix}`,
        inMemory(arrays[name] as Float32Array, shape),
      ]),
    );

  it('has the gradients that central differences give', () => {
    const gradients = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, new Float32Array(count(shape))]),
    );
    const loss = new Float32Array(1);
    const target = Float32Array.from({ length: batch * 3 }, (_, at) =>
      at % 3 === Math.floor(at / 3) % 3 ? 1 : 0,
    );
    const graph = runtime.openSession(denseTrainingGraph(sizes)).bind(
      {
        ...bound(values),
        ...bound(gradients, '.gradient'),
        keep: inMemory(
          Uint8Array.from({ length: batch * 5 }, (_, at) => at % 2),
          [batch, 5],
        ),
        target: inMemory(target, [batch, 3]),
        share: inMemory(Float32Array.of(1 / batch), []),
        loss: inMemory(loss, []),
      },
      ['loss', ...Object.keys(shapes).map((name) => `${name}.gradient`)],
    );
    graph.run();
    const actual = Object.fromEntries(
      Object.entries(gradients).map(([name, array]) => [name, array.slice()]),
    );
    const lossAt = (array: Float32Array, at: number, value: number) => {
      const kept = array[at] as number;
      array[at] = value;
      graph.run();
      array[at] = kept;
      return loss[0] as number;
    };
    for (const [name, array] of Object.entries(values)) {
      const expected = array.map((value, at) => {
        const step = 2 ** -6;
        return (lossAt(array, at, value + step) - lossAt(array, at, value - step)) / (2 * step);
      });
      expect(relativeError(actual[name] as Float32Array, expected)).toBeLessThan(1e-3);
    }
  });

  it('answers with softmax of its logits', () => {
    const [logits, probabilities] = [new Float32Array(batch * 3), new Float32Array(batch * 3)];
    const answers = {
      logits: inMemory(logits, [batch, 3]),
      probabilities: inMemory(probabilities, [batch, 3]),
    };
    runtime
      .openSession(denseInferenceGraph(sizes))
      .bind({ ...bound(values), ...answers }, Object.keys(answers))
      .run();
    const expected = logits.map((_, at) => {
      const row = logits.subarray(at - (at % 3), at - (at % 3) + 3);
      const sum = row.reduce((total, logit) => total + Math.exp(logit), 0);
      return Math.exp(logits[at] as number) / sum;
    });
    expect(relativeError(probabilities, expected)).toBeLessThan(1e-5);
  });
});
