import { DlcmpError, type Weights } from '@dlcmp/contract';
import type { StepResult } from './graph-trainer';

/** Where in a run a step stands. */
export interface StepPosition {
  /** From 1, over the whole run. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  readonly learningRate: number;
}

/**
 * Throws `DIVERGED`, with the step and the likely cause, unless loss and gradients are finite.
 *
 * @param weights as the step found them
 */
export function assertConverging(
  { loss, gradientNorm }: StepResult,
  position: StepPosition,
  weights: Weights,
): void {
  if (Number.isFinite(loss) && Number.isFinite(gradientNorm ?? 0)) return;
  const { step, epoch } = position;
  const what = Number.isFinite(loss)
    ? `The gradients' global norm became ${gradientNorm}`
    : `The loss became ${loss}`;
  throw new DlcmpError(
    'DIVERGED',
    `${what} at step ${step} (epoch ${epoch}). ${likelyCause(position, weights)}`,
  );
}

function likelyCause({ step, learningRate }: StepPosition, weights: Weights): string {
  const broken = Object.entries(weights).find(([, { data }]) => !data.every(Number.isFinite))?.[0];
  if (step === 1) {
    return broken === undefined
      ? 'Nothing was updated yet, so the initial weights are too large: scale them down, or leave initialWeights out.'
      : `The initial weight ${broken} holds a value that is not finite: check the file or the code that it comes from.`;
  }
  const found =
    broken === undefined
      ? 'The weights are still finite, but too large'
      : `The weight ${broken} is no longer finite since the step before`;
  return `${found}: the learning rate, ${learningRate} here, is probably too high. Try a tenth of it, a schedule with warm-up, or gradientClipping: 1.`;
}
