import type { GateFit } from './gate-plan';
import type { Samples } from './sample-weights';

/** A report of `fit` on its progress. */
export interface ReportedStep {
  readonly completed: number;
  readonly total: number;
  readonly epoch: number | null;
  /** null = it was not told, as a GPU's losses are read late. */
  readonly loss: number | null;
  /** In the step's batch, by the plan. */
  readonly images: number;
}

/** What a fit of the gate told and left. */
export interface FitOutcome {
  readonly steps: readonly ReportedStep[];
  readonly epochLosses: readonly number[];
  /** By how much it moved each weight that is trained. */
  readonly changes: Samples;
  /** The largest change of a weight that is not trained; absent where all are. */
  readonly frozenChange?: number | undefined;
  /** The learning rates of its steps, added up. */
  readonly rateSum: number;
}

/** Probabilities of the gate's test images by the model as trained, asked for in other ways: [images × classes]. */
export interface GateAnswers {
  /** By batch size; of single images the first few. */
  readonly bySize: Readonly<Record<number, Float32Array>>;
  /** In reverse order, so that each image has other neighbours; put back into order. */
  readonly reversed: Float32Array;
  /** Softmax of `predictLogits`. */
  readonly fromLogits: Float32Array;
}

/** What a contender, or the reference, computed in the gate. The reference leaves out what takes it too long. */
export interface GateOutcome {
  /** Of the first test images by the initial weights: [images × classes]. */
  readonly initialLogits?: Float32Array | undefined;
  /** Of the gate's gradient batch. */
  readonly gradients?: Samples | undefined;
  readonly gradientLoss?: number | undefined;
  /** The weights that every fit starts from. */
  readonly initialWeights: Samples;
  readonly fits: Readonly<Partial<Record<GateFit, FitOutcome>>>;
  /** Probabilities of the test images by the model as trained: [images × classes]. */
  readonly predictions?: Float32Array | undefined;
  readonly answers?: GateAnswers | undefined;
}

/** A step at rate 1 moves each weight by its gradient. */
export function appliedGradient({
  changes,
  steps,
}: FitOutcome): Pick<GateOutcome, 'gradients' | 'gradientLoss'> {
  const gradients = Object.entries(changes).map(([name, values]) => [
    name,
    values.map((value) => -value),
  ]);
  return {
    gradients: Object.fromEntries(gradients),
    gradientLoss: steps[0]?.loss ?? Number.NaN,
  };
}
