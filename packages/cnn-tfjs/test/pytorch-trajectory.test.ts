import { basename } from 'node:path';
import type { CnnClassifier } from '@dlcmp/bench-core/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cnnTfjs } from '../src/index';
import { relativeError } from './relative-error';
import { readTrajectory, type Trajectory, trajectoryDirectories } from './trajectory';

describe.each(trajectoryDirectories())('beside PyTorch, %s', (directory) => {
  let trajectory: Trajectory;
  let classifier: CnnClassifier;

  beforeAll(async () => {
    trajectory = await readTrajectory(directory);
    classifier = await cnnTfjs.create(trajectory.spec, { threads: 1 });
  });
  afterAll(() => classifier.dispose());

  it(`computes the same first gradients (${basename(directory)})`, async () => {
    const [first] = trajectory.steps;
    if (!first) throw new Error(`${directory} records no step.`);
    const { loss, gradients } = await classifier.computeGradients(first.batch);
    expect(relativeError([loss], [first.loss])).toBeLessThan(1e-4);
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(trajectory.firstGradients).sort());
    for (const [name, { shape, data }] of Object.entries(trajectory.firstGradients)) {
      expect(gradients[name]?.shape).toEqual(shape);
      expect([name, relativeError(gradients[name]?.data ?? [], data)]).toEqual([
        name,
        expect.closeTo(0, 3),
      ]);
    }
  });

  it('trains to the same numbers', async () => {
    for (const { batch, logits, loss } of trajectory.steps) {
      const actual = await classifier.predictLogits(batch.pixels, batch.size);
      expect(relativeError(actual, logits)).toBeLessThan(1e-4);
      const actualLoss = await classifier.trainStep(batch, trajectory.adam);
      expect(relativeError([actualLoss], [loss])).toBeLessThan(1e-4);
    }
    const weights = await classifier.getWeights();
    for (const [name, { data }] of Object.entries(trajectory.finalWeights)) {
      expect(relativeError(weights[name]?.data ?? [], data)).toBeLessThan(1e-3);
    }
  });
});
