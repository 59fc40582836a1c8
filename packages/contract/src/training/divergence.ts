import type { CnnClassifier } from '../classifier';
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

/** @throws `DIVERGED` unless the `loss` of a training step is finite */
export function assertFiniteLoss(loss: number, step: number, epoch: number): void {
  if (Number.isFinite(loss)) return;
  throw diverged(`The loss became ${loss} at step ${step} (epoch ${epoch}).`);
}

/**
 * @param gradients of the step; empty where they are not told
 * @throws `DIVERGED` unless the loss and all gradients of a single step are finite
 */
export function assertFiniteStep(loss: number, gradients: Weights): void {
  if (!Number.isFinite(loss)) throw diverged(`The loss is ${loss}.`);
  for (const [name, { data }] of Object.entries(gradients)) {
    const at = firstNotFinite(data);
    if (at >= 0) throw diverged(`The gradient of ${name} is ${data[at]}.`);
  }
}

/**
 * Throws `DIVERGED` unless all of `weights` are finite.
 *
 * @param when completes "The weight … is NaN …": `after the last step`
 */
export function assertFiniteWeights(weights: Weights, when: string): void {
  for (const [name, { data }] of Object.entries(weights)) {
    const at = firstNotFinite(data);
    if (at >= 0) throw diverged(`The weight ${name} is ${data[at]} ${when}.`);
  }
}

/**
 * Whether the last update of a fit left a model that answers: no later step would find out, as a loss is that of the
 * weights before its step.
 *
 * @param batch images of the last step, [size × height × width × 3]
 * @param position of the last step
 * @throws `DIVERGED` where a weight, or a logit of `batch`, is not finite
 */
export async function assertConverged(
  model: Pick<CnnClassifier, 'getWeights' | 'predictLogits'>,
  batch: { readonly pixels: Uint8Array; readonly size: number },
  position: Pick<StepPosition, 'step' | 'epoch'>,
): Promise<void> {
  assertFiniteWeights(await model.getWeights(), describe(position));
  assertFiniteLogits(await model.predictLogits(batch.pixels, batch.size), position);
}

/**
 * @param logits of any number of images, by a model that was trained to the end
 * @param position of the last step
 * @throws `DIVERGED` unless all are finite
 */
export function assertFiniteLogits(
  logits: Float32Array,
  position: Pick<StepPosition, 'step' | 'epoch'>,
): void {
  const at = firstNotFinite(logits);
  if (at >= 0) throw diverged(`A logit is ${logits[at]} ${describe(position)}.`);
}

/**
 * @param probabilities of any number of images
 * @throws `DIVERGED` unless all are finite
 */
export function assertFiniteProbabilities(probabilities: Float32Array): void {
  const at = firstNotFinite(probabilities);
  if (at >= 0) throw diverged(`The model answers ${probabilities[at]} in place of a probability.`);
}

/** -1 where all are. */
function firstNotFinite(values: Float32Array): number {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) return i;
  }
  return -1;
}

function describe({ step, epoch }: Pick<StepPosition, 'step' | 'epoch'>): string {
  return `after the last step (step ${step}, epoch ${epoch})`;
}

function diverged(what: string): DlcmpError {
  return new DlcmpError(
    'DIVERGED',
    `${what} The learning rate is probably too high: try a tenth of it.`,
  );
}

function firstBroken(weights: Weights): string | undefined {
  return Object.entries(weights).find(([, { data }]) => firstNotFinite(data) >= 0)?.[0];
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
