import { createInitialWeights, type TrainingBatch, type Weights } from '@dlcmp/contract';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { networkSizes } from '../../src/devices/network-sizes';
import { cnnOnnx } from '../../src/index';
import type { DeviceTensor } from '../../src/runtime/c-api/device-session';
import {
  gradientGraph,
  inferenceGraph,
  inputGraph,
  LOG_LENGTH,
  MOST_PENDING,
  NUMBER_PARTS,
  stepInputShapes,
  trainingGraph,
} from '../../src/webgpu/network-graph';
import { weightLayout } from '../../src/webgpu/weight-layout';
import { randomValues } from '../graph/nodes/node-check';
import { relativeError } from '../relative-error';
import { inMemory, runtime } from '../runtime/c-api/bound-memory';
import { SMALL_SPEC } from '../small-spec';

/** The graphs that WebGPU computes, on the CPU: their mathematics, on any machine. */
const BATCH = 3;
const { inputHeight, inputWidth } = SMALL_SPEC;
const sizes = networkSizes(SMALL_SPEC);
const layout = weightLayout(sizes);
const places = inputHeight * inputWidth;

const filled = (length: number) => new Float32Array(new ArrayBuffer(length * 4));
const bytes = (length: number, value: (index: number) => number) =>
  new Uint8Array(new ArrayBuffer(length)).map((_, index) => value(index));

const { large, packed } = layout.pack(createInitialWeights(SMALL_SPEC));

function batch(pixel: (index: number) => number): TrainingBatch {
  return {
    pixels: bytes(BATCH * places * 3, pixel),
    labels: Int32Array.of(2, 0, 1),
    masks: { dropout: bytes(BATCH * sizes.hiddenUnits, (index) => (index % 3 === 1 ? 0 : 1)) },
    size: BATCH,
  };
}

const random = randomValues(BATCH * places * 3);
const NOISE = batch((index) => Math.floor(128 + 127 * (random[index] as number)));
/** Every pooling square holds four equal values. */
const WHITE = batch(() => 255);

const shapes = stepInputShapes(sizes, BATCH);
const length = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** The batch as a step takes it, computed from bytes; numbers that are not given are 0. */
function stepInputs(
  { pixels, labels, masks: { dropout: dropoutKeep = new Uint8Array(0) } }: TrainingBatch,
  parts: Partial<Record<(typeof NUMBER_PARTS)[number], readonly number[]>> = {},
) {
  const target = Array.from({ length: BATCH * sizes.classes }, (_, at) =>
    labels[Math.floor(at / sizes.classes)] === at % sizes.classes ? 1 : 0,
  );
  const values = NUMBER_PARTS.flatMap((name) => {
    const given = name === 'target' ? target : parts[name];
    return given ?? Array.from({ length: length(shapes[name]) }, () => 0);
  });
  const numbers = filled(values.length);
  numbers.set(values);
  const outputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, inMemory(filled(length(shape)), shape)]),
  );
  const inputs = {
    pixels: inMemory(pixels, [BATCH, places, 3]),
    keep: inMemory(dropoutKeep, [BATCH, sizes.hiddenUnits]),
    numbers: inMemory(numbers, [numbers.length]),
  };
  runtime
    .openSession(inputGraph(sizes, BATCH))
    .bind({ ...inputs, ...outputs }, Object.keys(outputs))
    .run();
  return outputs;
}

const weightInputs = () => ({
  large: inMemory(large, [large.length]),
  packed: inMemory(packed, [packed.length]),
});

function openGradients(of: TrainingBatch) {
  const [loss, largeGradient, packedGradient] = [
    filled(1),
    filled(large.length),
    filled(packed.length),
  ];
  const outputs = {
    loss: inMemory(loss, [1]),
    'large.gradient': inMemory(largeGradient, [large.length]),
    'packed.gradient': inMemory(packedGradient, [packed.length]),
  };
  const { images, factor, target } = stepInputs(of) as Record<string, DeviceTensor>;
  const inputs = { images, factor, target } as Record<string, DeviceTensor>;
  const graph = runtime
    .openSession(gradientGraph(sizes, layout, BATCH))
    .bind({ ...weightInputs(), ...inputs, ...outputs }, Object.keys(outputs));
  return { graph, loss, largeGradient, packedGradient };
}

describe('the gradients that WebGPU computes', () => {
  it('are those of central differences, for every weight', () => {
    const { graph, loss, largeGradient, packedGradient } = openGradients(NOISE);
    const difference = (weights: Float32Array, index: number) => {
      const value = weights[index] as number;
      const step = 2 ** -11;
      const at = (moved: number) => {
        weights[index] = moved;
        graph.run();
        return loss[0] as number;
      };
      const slope = (at(value + step) - at(value - step)) / (2 * step);
      weights[index] = value;
      return slope;
    };
    graph.run();
    const [actualLarge, actualPacked] = [largeGradient.slice(), packedGradient.slice()];
    const expectedLarge = large.map((_, index) => difference(large, index));
    const expectedPacked = packed.map((_, index) => difference(packed, index));
    expect(relativeError(actualLarge, expectedLarge)).toBeLessThan(5e-3);
    expect(relativeError(actualPacked, expectedPacked)).toBeLessThan(5e-3);
  });

  it.each([
    ['noise', NOISE],
    ['images of one colour, where each maximum is a tie', WHITE],
  ])("are those of the CPU's own layers: %s", async (_, images) => {
    const { graph, loss, largeGradient, packedGradient } = openGradients(images);
    graph.run();
    const classifier = await cnnOnnx.create(SMALL_SPEC, { threads: 1 });
    const expected = await classifier.computeGradients(images);
    await classifier.dispose();
    expect(loss[0]).toBeCloseTo(expected.loss, 5);
    const actual = layout.unpack(largeGradient, packedGradient);
    for (const [name, { data }] of Object.entries(expected.gradients)) {
      expect(actual[name]?.shape).toEqual(expected.gradients[name]?.shape);
      expect(relativeError(actual[name]?.data ?? [], data)).toBeLessThan(1e-4);
    }
  });
});

it('the answers that WebGPU computes are those of the CPU', async () => {
  const classifier = await cnnOnnx.create(SMALL_SPEC, { threads: 1 });
  const expected = await classifier.predictLogits(NOISE.pixels, BATCH);
  await classifier.dispose();
  const logits = filled(expected.length);
  const tensors = { ...weightInputs(), pixels: inMemory(NOISE.pixels, [BATCH, places, 3]) };
  runtime
    .openSession(inferenceGraph(sizes, layout, BATCH, 'logits'))
    .bind({ ...tensors, logits: inMemory(logits, [BATCH, sizes.classes]) }, ['logits'])
    .run();
  expect(relativeError(logits, expected)).toBeLessThan(1e-5);
});

describe('a training step', () => {
  const [beta1, beta2, rate, epsilon] = [0.8, 0.99, 0.125, 0.5];
  const names = ['large', 'packed', 'large.mean', 'packed.mean', 'large.variance'];
  const lengths: Record<string, number> = {
    ...Object.fromEntries(
      [...names, 'packed.variance'].map((name) => [
        name,
        name.startsWith('large') ? large.length : packed.length,
      ]),
    ),
    log: LOG_LENGTH,
  };
  const state = Object.fromEntries(
    Object.entries(lengths).map(([name, length]) => [name, filled(length)]),
  );
  const next = Object.fromEntries(
    Object.entries(lengths).map(([name, length]) => [name, filled(length)]),
  );
  let gradient: Float32Array;
  let loss: number;

  beforeAll(() => {
    const gradients = openGradients(NOISE);
    gradients.graph.run();
    gradient = gradients.packedGradient;
    loss = gradients.loss[0] as number;
    state.packed?.set(packed);
    state.large?.set(large);
    state['packed.mean']?.fill(0.25);
    state['packed.variance']?.fill(4);
    state.log?.fill(7);
    const tensors = (arrays: Record<string, Float32Array>, suffix = '') =>
      Object.fromEntries(
        Object.entries(arrays).map(([name, array]) => [
          `${name}${suffix}`,
          inMemory(array, [array.length]),
        ]),
      );
    const outputs = tensors(next, '.next');
    const place = (at: number, value: number, elsewhere: number) =>
      Array.from({ length: LOG_LENGTH }, (_, index) => (index === at ? value : elsewhere));
    const numbers = {
      keepLog: place(3, 0, 1).map((keep, at) => (at === MOST_PENDING + 3 ? 0 : keep)),
      lossSlot: place(3, 1, 0),
      entry: place(MOST_PENDING + 3, 41, 0),
      ...{ rate: [rate], epsilon: [epsilon] },
    };
    runtime
      .openSession(trainingGraph(sizes, layout, BATCH, [beta1, beta2]))
      .bind({ ...stepInputs(NOISE, numbers), ...tensors(state), ...outputs }, Object.keys(outputs))
      .run();
  });

  it("moves weights and moments by Adam's formula", () => {
    const mean = gradient.map((slope) => beta1 * 0.25 + slope);
    const variance = gradient.map((slope) => beta2 * 4 + slope * slope);
    const weights = packed.map((weight, index) => {
      const root = Math.sqrt(variance[index] as number) + epsilon;
      return weight - (rate * (mean[index] as number)) / root;
    });
    expect(relativeError(next['packed.mean'] as Float32Array, mean)).toBeLessThan(1e-5);
    expect(relativeError(next['packed.variance'] as Float32Array, variance)).toBeLessThan(1e-5);
    expect(relativeError(next.packed as Float32Array, weights)).toBeLessThan(1e-5);
  });

  it('writes its loss and number into its place of the log, and leaves the others', () => {
    const expected = Array.from({ length: LOG_LENGTH }, () => 7);
    expected[3] = loss;
    expected[MOST_PENDING + 3] = 41;
    expect(Array.from(next.log as Float32Array)).toEqual(expected);
  });
});

describe("weights in the device's order", () => {
  const weights = createInitialWeights(SMALL_SPEC);

  it('come back as they were', () => {
    const there = layout.pack(weights);
    expect(layout.unpack(there.large, there.packed)).toEqual(weights);
  });

  it('have channels filled up with zeros, taps before channels, outputs last', () => {
    const { data } = (weights as Weights & { 'conv1.weight': { data: Float32Array } })[
      'conv1.weight'
    ];
    const there = layout.pack(weights).packed;
    const [tap, input, output] = [5, 1, 2];
    expect(there[(tap * 4 + input) * 3 + output]).toBe(data[(output * 3 + input) * 9 + tap]);
    expect(there.subarray((tap * 4 + 3) * 3, (tap * 4 + 4) * 3)).toEqual(new Float32Array(3));
  });
});
