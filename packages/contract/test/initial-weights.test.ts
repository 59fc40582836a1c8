import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createInitialWeights, type ModelSpec, simpleCnn, type WeightTensor } from '../src';

/** Worked out by `make-random-fixture.py`. */
const fixtures: { seed: number; conv1Weights: number[] }[] = JSON.parse(
  readFileSync(new URL('./fixtures/random.json', import.meta.url), 'utf8'),
);

const spec: ModelSpec = {
  inputHeight: 16,
  inputWidth: 24,
  classNames: ['forest', 'glacier', 'street'],
  seed: 42,
  network: simpleCnn({ channels: [8, 12, 16], hiddenUnits: 64, dropoutRate: 0.5 }),
};

/** 1/√fan-in of each layer: inputs × kernel area. */
const fanInBounds = {
  conv1: 1 / Math.sqrt(3 * 9),
  conv2: 1 / Math.sqrt(8 * 9),
  conv3: 1 / Math.sqrt(12 * 9),
  fc1: 1 / Math.sqrt(16 * 2 * 3),
  fc2: 1 / Math.sqrt(64),
};

/** √(6/(fan-in + fan-out)) of each layer. */
const glorotBounds = {
  conv1: Math.sqrt(6 / (3 * 9 + 8 * 9)),
  conv2: Math.sqrt(6 / (8 * 9 + 12 * 9)),
  conv3: Math.sqrt(6 / (12 * 9 + 16 * 9)),
  fc1: Math.sqrt(6 / (16 * 2 * 3 + 64)),
  fc2: Math.sqrt(6 / (64 + 3)),
};

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

/** Checks range, mean and variance (bound²/3) of a uniform draw, each within four deviations. */
function expectUniform({ data }: WeightTensor, bound: number): void {
  expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
  expect(Math.abs(mean(data))).toBeLessThan((4 * bound) / Math.sqrt(3 * data.length));
  const variance = mean(data.map((value) => value ** 2));
  const deviation = (bound ** 2 * Math.sqrt(4 / 45)) / Math.sqrt(data.length);
  expect(Math.abs(variance - bound ** 2 / 3)).toBeLessThan(4 * deviation);
}

describe('createInitialWeights', () => {
  it.each(fixtures)('draws the weights worked out independently for seed $seed', (fixture) => {
    const { 'conv1.weight': weight } = createInitialWeights({ ...spec, seed: fixture.seed });
    fixture.conv1Weights.forEach((value, at) => {
      expect(weight?.data[at]).toBeCloseTo(value, 7);
    });
  });

  it.each(Object.entries(fanInBounds))('draws %s uniformly in ±1/√fan-in = ±%d', (name, bound) => {
    const weights = createInitialWeights(spec);
    expectUniform(weights[`${name}.weight`] as WeightTensor, bound);
    expectUniform(weights[`${name}.bias`] as WeightTensor, bound);
  });

  it.each(Object.entries(glorotBounds))('draws %s as Glorot in ±%d, biases zero', (name, bound) => {
    const weights = createInitialWeights({ ...spec, initializer: 'glorot-uniform' });
    expectUniform(weights[`${name}.weight`] as WeightTensor, bound);
    expect(weights[`${name}.bias`]?.data.every((value) => value === 0)).toBe(true);
  });

  it('draws a tensor alike whatever the size of the others', () => {
    const wider = { channels: [8, 12, 16], hiddenUnits: 99, dropoutRate: 0.5 } as const;
    const weights = createInitialWeights(spec);
    const others = createInitialWeights({ ...spec, network: simpleCnn(wider) });
    expect(others['conv3.weight']).toEqual(weights['conv3.weight']);
  });

  it('passes on the weights that the spec gives', () => {
    const initialWeights = createInitialWeights({ ...spec, seed: 1 });
    expect(createInitialWeights({ ...spec, initialWeights })).toBe(initialWeights);
  });

  it('refuses given weights of another shape', () => {
    const initialWeights = createInitialWeights({ ...spec, inputWidth: 32 });
    expect(() => createInitialWeights({ ...spec, initialWeights })).toThrow(
      'The weight fc1.weight must have the shape [64, 96], not [64, 128].',
    );
  });
});
