import { adamFactors, type OptimizerSpec } from '@dlcmp/contract';

/** Names of the inputs that hold what changes from step to step, scalars. */
export function stepFactorNames({ kind }: OptimizerSpec): readonly string[] {
  if (kind === 'sgd') return ['learningRate'];
  return kind === 'adam' ? ['stepSize', 'rootScale'] : ['stepSize', 'rootScale', 'shrink'];
}

/**
 * The numbers of one step by {@link stepFactorNames}.
 *
 * @param step from 1
 */
export function stepFactors(
  spec: OptimizerSpec,
  step: number,
  learningRate: number,
): Readonly<Record<string, number>> {
  if (spec.kind === 'sgd') return { learningRate };
  const { stepSize, rootScale, shrink } = adamFactors(step, learningRate, spec);
  return spec.kind === 'adam' ? { stepSize, rootScale } : { stepSize, rootScale, shrink };
}
