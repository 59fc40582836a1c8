import { sgd } from '@dlcmp/contract';
import { expect, it } from '@jest/globals';
import { createSequentialClassifier } from '../../src/index';
import { SMALL_SEQUENTIAL } from '../small-network';
import { smallImages } from '../small-spec';

it('a step moves each weight by its own gradient, though it writes to what gradients are read from', async () => {
  const classifier = await createSequentialClassifier({ ...SMALL_SEQUENTIAL, threads: 1 });
  const { pixels, labels, count: size } = smallImages(6);
  const masks = Object.fromEntries(
    Object.entries(classifier.network.masks).map(([node, { shape }]) => [
      node,
      new Uint8Array(size * shape.reduce((product, side) => product * side, 1)).fill(1),
    ]),
  );
  const batch = { pixels, labels, size, masks };
  for (let step = 0; step < 3; step++) {
    const before = await classifier.getWeights();
    const { loss, gradients } = await classifier.computeGradients(batch);
    expect(await classifier.trainStep(batch, { learningRate: 0.5, optimizer: sgd() })).toBe(loss);
    const after = await classifier.getWeights();
    for (const [name, { data }] of Object.entries(gradients)) {
      const old = before[name]?.data as Float32Array;
      const expected = old.map((weight, i) => weight - Math.fround(0.5 * (data[i] as number)));
      expect(after[name]?.data).toEqual(expected);
    }
    expect(after['bn1.running_mean']?.data).not.toEqual(before['bn1.running_mean']?.data);
  }
  await classifier.dispose();
});
