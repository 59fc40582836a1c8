import type { CnnAdapter, CreateOptions } from '@dlcmp/contract';
import type { Trajectory, TrajectoryOutcome } from './trajectory';

/** Trains a new classifier of `adapter` along `trajectory` and returns all it computed. */
export async function replayTrajectory(
  adapter: CnnAdapter,
  trajectory: Trajectory,
  options: CreateOptions,
): Promise<TrajectoryOutcome> {
  const { spec, batches, learningRate, betas, epsilon } = trajectory;
  const classifier = await adapter.create(spec, options);
  try {
    const logits: Float32Array[] = [];
    const losses: number[] = [];
    const [first] = batches;
    if (!first) throw new RangeError('A trajectory needs at least one batch.');
    const { gradients } = await classifier.computeGradients(first);
    for (const batch of batches) {
      logits.push(await classifier.predictLogits(batch.pixels, batch.size));
      losses.push(await classifier.trainStep(batch, { learningRate, betas, epsilon }));
    }
    return { logits, losses, gradients, finalWeights: await classifier.getWeights() };
  } finally {
    await classifier.dispose();
  }
}
