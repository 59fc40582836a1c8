import { describe, expect, it } from '@jest/globals';
import { growWholeTree } from './grow';

describe('the split of a node', () => {
  it('lies halfway between the two classes, rounded down', async () => {
    const tree = await growWholeTree([10, 20, 41, 200], [0, 0, 1, 1]);
    expect([...tree.lefts]).toEqual([1, 0, 0]);
    expect(tree.thresholds[0]).toBe(30);
    expect([...tree.distributions]).toEqual([1, 0, 0, 1]);
  });

  it('lowers the Gini impurity most', async () => {
    // By feature 0 the sides are {a, a, b} and {b}; by feature 1 {a} and {a, b, b}; by feature 2
    // {a, a} and {b, b}, which is pure.
    const rows = [
      [0, 0, 5],
      [0, 9, 5],
      [0, 9, 7],
      [9, 9, 7],
    ];
    const tree = await growWholeTree(rows.flat(), [0, 0, 1, 1]);
    expect(tree.features[0]).toBe(2);
    expect(tree.decreases[0]).toBe(2); // 4 samples × impurity ½, all of it gone
  });

  it('weighs both sides', async () => {
    // Splits after 1 | 2 | 3 … of a a a b a b: Gini decreases 1/3, 2/3 … computed by hand as
    // Σ left²/|left| + Σ right²/|right| - Σ all²/6 with 16/6 + 4/6 for the whole.
    const tree = await growWholeTree([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 0, 1], { maxDepth: 1 });
    expect(tree.thresholds[0]).toBe(3);
    expect(tree.decreases[0]).toBeCloseTo(3 + (1 + 4) / 3 - 20 / 6, 12);
  });

  it('keeps the first of equal splits by one feature', async () => {
    const tree = await growWholeTree([1, 2, 3], [0, 1, 0], { maxDepth: 1 });
    expect(tree.thresholds[0]).toBe(1);
  });

  it('finds the extremes of a byte', async () => {
    const tree = await growWholeTree([0, 255, 0, 255], [0, 1, 0, 1]);
    expect(tree.thresholds[0]).toBe(127);
    const neighbours = await growWholeTree([254, 255], [0, 1]);
    expect(neighbours.thresholds[0]).toBe(254);
  });

  it('is none where the samples agree in every feature', async () => {
    const tree = await growWholeTree([7, 7, 7, 7, 7, 7], [0, 1, 1]);
    expect(tree.lefts.length).toBe(1);
    expect([...tree.distributions]).toEqual([Math.fround(1 / 3), Math.fround(2 / 3)]);
  });

  it('is found though the feature drawn first tells nothing', async () => {
    for (let seed = 0; seed < 8; seed++) {
      const rows = [
        [7, 7, 1, 7],
        [7, 7, 2, 7],
      ];
      const tree = await growWholeTree(rows.flat(), [0, 1], { seed, featuresPerSplit: 1 });
      expect(tree.features[0]).toBe(2);
    }
  });

  it('is left out where a side would keep too few samples', async () => {
    const values = [1, 2, 3, 4, 5, 6];
    const labels = [0, 1, 1, 1, 1, 1];
    const tree = await growWholeTree(values, labels, { minSamplesLeaf: 2 });
    expect(tree.thresholds[0]).toBe(2);
    expect((await growWholeTree(values, labels, { minSamplesLeaf: 4 })).lefts.length).toBe(1);
  });

  it('is drawn between the least and the greatest value where it is random', async () => {
    const thresholds = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const plan = { seed, splitter: 'random', maxDepth: 1 } as const;
      const tree = await growWholeTree([10, 13, 13, 10], [0, 1, 1, 0], plan);
      expect(tree.decreases[0]).toBe(2);
      thresholds.add(tree.thresholds[0] as number);
    }
    expect([...thresholds]).toEqual([11]);
  });
});
