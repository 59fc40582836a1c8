import type { StepResult } from '../engine/engine';
import { DlcmpError } from '../errors';
import type { Weights } from '../weights';

/** Where in a run a step stands. */
export interface StepPosition {
  /** From 1, over the whole run. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  readonly learningRate: number;
}

/** Whether loss and, where known, gradients of a step are finite. */
export function isConverging({ loss, gradientNorm = 0 }: StepResult): boolean {
  return Number.isFinite(loss) && Number.isFinite(gradientNorm);
}

/**
 * The `DIVERGED` of a step that is not {@link isConverging}, with the step and the likely cause.
 *
 * @param weights as they are now
 */
export function divergence(
  { loss, gradientNorm }: StepResult,
  position: StepPosition,
  weights: Weights,
): DlcmpError {
  const { step, epoch } = position;
  const what = Number.isFinite(loss)
    ? `The gradients' global norm became ${gradientNorm}`
    : `The loss became ${loss}`;
  return new DlcmpError(
    'DIVERGED',
    `${what} at step ${step} (epoch ${epoch}). ${likelyCause(position, weights)}`,
  );
}

/**
 * Throws `DIVERGED` unless all of `weights` are finite.
 *
 * @param when completes "The weight … is not finite …": `after the last step`
 */
export function assertFiniteWeights(weights: Weights, when: string): void {
  const broken = firstBroken(weights);
  if (broken === undefined) return;
  throw new DlcmpError(
    'DIVERGED',
    `The weight ${broken} is not finite ${when}. The learning rate is probably too high: try a tenth of it.`,
  );
}

function firstBroken(weights: Weights): string | undefined {
  return Object.entries(weights).find(([, { data }]) => !data.every(Number.isFinite))?.[0];
}

function likelyCause({ step, learningRate }: StepPosition, weights: Weights): string {
  const broken = firstBroken(weights);
  if (step === 1) {
    return broken === undefined
      ? 'It was computed from the initial weights, so these are too large: scale them down, or leave initialWeights out.'
      : `The weight ${broken} holds a value that is not finite: check the file or the code that initialWeights come from.`;
  }
  const found =
    broken === undefined
      ? 'The weights are still finite, but too large'
      : `The weight ${broken} is no longer finite`;
  return `${found}: the learning rate, ${learningRate} here, is probably too high. Try a tenth of it, a schedule with warm-up, or gradientClipping: 1.`;
}
