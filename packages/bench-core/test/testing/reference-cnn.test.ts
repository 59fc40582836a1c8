import { createInitialWeights } from '@dlcmp/contract';
import { describe, expect, it } from '@jest/globals';
import { RECORDED_TRAJECTORIES } from '../../../../tooling/recorded-trajectories';
import { replayRecording } from '../../src/parity/replay-recording';
import type { ParityErrors } from '../../src/results/bench-results';
import { createReferenceCnn } from '../../src/testing';
import { CONTRACT_SPEC, noiseBatch } from '../../src/testing/contract-data';
import { accumulateBatchGradients } from '../../src/testing/reference-cnn/batch-gradients';
import { createNetwork } from '../../src/testing/reference-cnn/network';

/** Logits, gradients and weights pass through float32; losses stay float64. */
const TOLERANCE: ParityErrors = {
  logits: 1e-6,
  losses: 1e-12,
  gradients: 1e-6,
  finalWeights: 1e-6,
};

describe.each(RECORDED_TRAJECTORIES)(
  'the reference CNN against the trajectory %s of PyTorch',
  (_, directory) => {
    it('gets the recorded logits, losses, gradients and weights', async () => {
      const replayed = replayRecording(createReferenceCnn(), directory, {}, TOLERANCE);
      expect(await replayed).toMatchObject({ withinTolerance: true });
    });
  },
);

describe('the gradients of the reference CNN', () => {
  it('are the slopes of its loss, at every seventh weight', () => {
    const network = createNetwork(CONTRACT_SPEC, createInitialWeights(CONTRACT_SPEC));
    const batch = noiseBatch();
    accumulateBatchGradients(network, batch);
    const gradients = Object.entries(network.parameters).map(
      ([name, { gradient }]) => [name, gradient.slice()] as const,
    );
    const lossWith = (weights: Float64Array, at: number, value: number) => {
      const kept = weights[at] as number;
      weights[at] = value;
      const loss = accumulateBatchGradients(network, batch);
      weights[at] = kept;
      return loss;
    };
    for (const [name, gradient] of gradients) {
      const weights = (network.parameters[name] as { value: Float64Array }).value;
      for (let at = 0; at < weights.length; at += 7) {
        const weight = weights[at] as number;
        const rise = lossWith(weights, at, weight + 1e-6) - lossWith(weights, at, weight - 1e-6);
        expect(Math.abs(rise / 2e-6 - (gradient[at] as number))).toBeLessThan(1e-6);
      }
    }
  });
});
