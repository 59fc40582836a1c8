import type { OptimizerSpec } from '@dlcmp/contract';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-modules';
import { adamRule } from './adam';
import { sgdRule } from './sgd';

/** A number, or a tensor of one where it is known only when the step runs. */
export type Scalar = number | Tensor;

/** A weight, or an updated one, with what the optimiser remembers of it. */
export interface UpdatedWeight {
  readonly weight: Tensor;
  /** In the order of the rule's names for them. */
  readonly moments: readonly Tensor[];
}

/** How an optimiser moves a weight, in TensorFlow.js's own operations. */
export interface TensorRule {
  /** Names of what is remembered of each weight, zero at first; as in the contract's `updateRule`. */
  readonly moments: readonly string[];
  /** The numbers that differ from step to step, at step number `step`, from 1. */
  scalars(step: number, learningRate: number): readonly number[];
  /** @param scalars in the order of {@link TensorRule.scalars} */
  update(
    tf: TensorFlow,
    current: UpdatedWeight,
    gradient: Tensor,
    scalars: readonly Scalar[],
  ): UpdatedWeight;
}

/** The rule that `spec` describes. */
export function tensorRule(spec: OptimizerSpec): TensorRule {
  return spec.kind === 'sgd' ? sgdRule(spec) : adamRule(spec);
}
