import type { Value } from '../../onnx/graph-builder';

/** A weight that is to be moved. */
export interface UpdatedWeight {
  readonly weight: Value;
  readonly gradient: Value;
  /** The optimiser's moments of it. */
  readonly moments: readonly Value[];
  /** A scalar, computed after everything that reads the weight: part of what is taken from it. */
  readonly afterReaders: (scalar: Value) => Value;
  /**
   * A scalar with as many axes as the weight: where its last axes have length 1, ONNX Runtime takes forty times as long for one
   * without axes.
   */
  readonly spread: (scalar: Value) => Value;
}

/** What becomes of a weight and its moments. */
export interface WeightUpdate {
  readonly moments: readonly Value[];
  /** The weight, or what is left of it where it shrinks. */
  readonly from: Value;
  /** What is taken from it. */
  readonly delta: Value;
}

/** Adds how an optimiser moves one weight. */
export type AddUpdate = (weight: UpdatedWeight) => WeightUpdate;
