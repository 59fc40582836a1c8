import type { FitOutcome, GateOutcome } from './gate-outcome';
import type { GateFit } from './gate-plan';
import {
  type FoundError,
  largestDifference,
  medianError,
  normError,
  typicalMedianError,
  typicalNormError,
  typicalScaleError,
  weightShare,
} from './sample-errors';

/** What two outcomes are compared by: a row of the gate's table. */
export interface GateQuantity {
  readonly id: string;
  readonly proves: string;
  /** Several times the largest error that rounding made among honest contenders. */
  readonly limit: number;
  /** What holds instead where batch norm is trained. */
  readonly withBatchNorm?: {
    readonly limit: number;
    /** Default: that of the quantity. */
    readonly error?: GateError;
  };
  /** Whether rounding grows with the rate that steps were taken at; the limit is for 1e-3. */
  readonly growsWithRate?: boolean;
  readonly error: GateError;
}

/** How far `own` is from `other`; undefined where one of them lacks the quantity. */
type GateError = (own: GateOutcome, other: GateOutcome) => FoundError | undefined;

/**
 * What contenders are held to one another and to the reference by. Limits: `docs/method.md`.
 *
 * Batch norm divides by what a batch has, so that rounding grows within a few steps until single tensors of two honest
 * contenders have nothing in common. Which tensors are trained shows there in the first step, and the steps after it in the
 * middle one of all tensors; the gate trains such networks at a tenth of the run's rate.
 */
export const GATE_QUANTITIES: readonly GateQuantity[] = [
  {
    id: 'initial-logits',
    proves: 'untrained, the network answers what its description says',
    limit: 1e-4,
    error: comparing(
      ({ initialLogits }) => initialLogits,
      (own, other) => {
        const length = Math.min(own.length, other.length);
        return { figure: largestDifference(own.subarray(0, length), other.subarray(0, length)) };
      },
    ),
  },
  {
    id: 'first-loss',
    proves: 'the loss of the first batch is that of all its images, under their dropout masks',
    limit: 1e-5,
    withBatchNorm: { limit: 1e-4 },
    error: comparing(({ gradientLoss }) => gradientLoss, relativeError),
  },
  {
    id: 'first-gradients',
    proves: 'every weight has its gradient',
    limit: 2e-2,
    withBatchNorm: { limit: 3e-1 },
    error: comparing(({ gradients }) => gradients, normError),
  },
  {
    id: 'applied-gradients',
    proves: 'fit moves every weight by its gradient over the whole batch',
    limit: 2e-2,
    withBatchNorm: { limit: 3e-1 },
    error: comparing(changesOf('single'), normError),
  },
  {
    id: 'first-step',
    proves: 'the first step of fit trains on its batch: all images, flips, masks',
    limit: 1e-5,
    withBatchNorm: { limit: 1e-4 },
    error: comparing(({ fits }) => fits.timed?.steps.slice(0, 1), largestLossError),
  },
  {
    id: 'step-losses',
    proves: 'every later step does too, the last partial one of an epoch among them',
    limit: 4e-3,
    withBatchNorm: { limit: 3e-2 },
    growsWithRate: true,
    error: comparing(({ fits }) => fits.timed?.steps, largestLossError),
  },
  {
    id: 'epoch-losses',
    proves: "the losses that fit reports are its epochs' means",
    limit: 2e-3,
    withBatchNorm: { limit: 1e-2 },
    growsWithRate: true,
    error: comparing(
      ({ fits }) => fits.timed?.epochLosses,
      (own, other) => ({
        figure: largestOf(
          other.map((loss, at) => relativeError(own[at] ?? Number.NaN, loss).figure),
        ),
      }),
    ),
  },
  {
    id: 'trained-weights',
    proves: 'every weight was trained, on every step of every epoch',
    limit: 2e-2,
    withBatchNorm: {
      limit: 5e-1,
      error: comparingTimed((own, other, outcome) =>
        typicalMedianError(own.changes, other.changes, outcome.gradients),
      ),
    },
    growsWithRate: true,
    error: comparingTimed((own, other, outcome) =>
      medianError(own.changes, other.changes, outcome.gradients),
    ),
  },
  {
    id: 'learning-rate',
    proves: 'every step is taken at the learning rate that was asked for',
    limit: 1.5e-3,
    withBatchNorm: { limit: 1.5e-2 },
    growsWithRate: true,
    error: comparingTimed((own, other) => typicalScaleError(own.changes, other.changes)),
  },
  {
    id: 'weight-decay',
    proves: 'weights do not decay',
    limit: 3e-3,
    error: comparingTimed(({ changes, rateSum }, other, { initialWeights }) => {
      const { figure, where } = weightShare(changes, other.changes, initialWeights);
      return { figure: figure / rateSum, where };
    }),
  },
  {
    id: 'momentum-weights',
    proves: 'every step of an epoch has its gradient, whatever the optimiser',
    limit: 1e-1,
    withBatchNorm: { limit: 8e-1, error: comparing(changesOf('momentum'), typicalNormError) },
    error: comparing(changesOf('momentum'), normError),
  },
  {
    id: 'adam-weights',
    proves: "Adam's moments and their corrections, at other betas and epsilon",
    limit: 4e-2,
    withBatchNorm: { limit: 5e-1 },
    growsWithRate: true,
    error: comparing(changesOf('betas'), typicalNormError),
  },
  {
    id: 'answers',
    proves: 'the trained model predicts what the others do',
    limit: 1e-1,
    withBatchNorm: { limit: 3e-1 },
    growsWithRate: true,
    error: comparing(
      ({ predictions }) => predictions,
      (own, other) => ({
        figure: largestDifference(own, other),
      }),
    ),
  },
];

function comparing<T>(
  quantity: (outcome: GateOutcome) => T | undefined,
  error: (own: T, other: T) => FoundError,
): GateError {
  return (own, other) => {
    const [a, b] = [quantity(own), quantity(other)];
    return a === undefined || b === undefined ? undefined : error(a, b);
  };
}

function changesOf(fit: GateFit) {
  return ({ fits }: GateOutcome) => fits[fit]?.changes;
}

function comparingTimed(
  error: (own: FitOutcome, other: FitOutcome, outcome: GateOutcome) => FoundError,
): GateError {
  return (own, other) => {
    const [a, b] = [own.fits.timed, other.fits.timed];
    return a && b && error(a, b, other);
  };
}

function relativeError(own: number, other: number): FoundError {
  return { figure: own === other ? 0 : Math.abs(own - other) / Math.abs(other) };
}

type Steps = FitOutcome['steps'];

/** Images over which rounding averages out in a batch's loss; a smaller batch's errors are larger by the root. */
const AVERAGED_IMAGES = 32;

/** The largest error of a step's loss, as of a batch of 32. Steps whose loss only one of the two tells are left out. */
function largestLossError(own: Steps, other: Steps): FoundError {
  let largest: FoundError = { figure: own.length === other.length ? 0 : Number.NaN };
  other.forEach(({ loss, images }, at) => {
    const told = own[at]?.loss ?? null;
    if (loss === null || told === null) return;
    const averaged = Math.sqrt(Math.min(1, images / AVERAGED_IMAGES));
    const figure = averaged * relativeError(told, loss).figure;
    if (!(figure <= largest.figure)) largest = { figure, where: `step ${at + 1}` };
  });
  return largest;
}

function largestOf(values: readonly number[]): number {
  return values.reduce((top, value) => Math.max(top, value), 0);
}
