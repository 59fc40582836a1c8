import { createGenerator, nextInteger } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { findLeaf, type Tree } from '../../src/exact/tree';
import { growWholeTree } from './grow';

/** `count` samples of `features` noisy bytes, of which the first leans to the class. */
function createSamples(count: number, features: number, classes: number) {
  const generator = createGenerator(5, 'search-paths', count);
  const labels = Array.from({ length: count }, () => nextInteger(generator, classes));
  const values = labels.flatMap((label) =>
    Array.from({ length: features }, (_, feature) =>
      Math.min(255, nextInteger(generator, 200) + (feature === 0 ? label : 0)),
    ),
  );
  return { values, labels };
}

function structure({ lefts, features, thresholds, distributions }: Tree) {
  return { lefts, features, thresholds, distributions };
}

describe('the ways to search for a split', () => {
  it.each([
    [40, 5, 3],
    [700, 9, 6],
    [1500, 4, 7],
    [300, 6, 2],
  ])('agree on %d samples of %d features and %d classes', async (count, features, classes) => {
    const { values, labels } = createSamples(count, features, classes);
    const byVectors = await growWholeTree(values, labels);
    const classWeights = new Float64Array(classes).fill(2);
    const byWeights = await growWholeTree(values, labels, { classWeights });
    expect(structure(byWeights)).toEqual(structure(byVectors));
    expect([...byWeights.decreases]).toEqual([...byVectors.decreases].map((one) => 2 * one));
  });

  it.each([8, 9, 40])('tell %d classes apart', async (classes) => {
    const { values, labels } = createSamples(600, 3, classes);
    await expectToKnow(values, labels);
  });

  it.each([
    [15, 15],
    [16, 16],
    [17, 33],
    [257, 20],
    [1003, 37],
  ])('read every value where it is, of %d samples of %d features', async (count, features) => {
    const { values, labels } = createSamples(count, features, 4);
    await expectToKnow(values, labels);
  });
});

/** A whole tree on samples that differ answers each of them with its class. */
async function expectToKnow(values: readonly number[], labels: readonly number[]) {
  const tree = await growWholeTree(values, labels);
  const features = values.length / labels.length;
  const classes = Math.max(...labels) + 1;
  const bytes = Uint8Array.from(values);
  const wrong = labels.filter((label, sample) => {
    const leaf = findLeaf(tree, bytes, sample * features, classes);
    return tree.distributions[leaf + label] !== 1;
  });
  expect(wrong).toEqual([]);
}
