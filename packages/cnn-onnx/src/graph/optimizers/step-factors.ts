import {
  type AdamFactors,
  adamFactors,
  type OptimizerSpec,
  type UpdateSettings,
} from '@dlcmp/contract';

/**
 * Names of the inputs that hold what changes from step to step, scalars.
 *
 * @param rateFactor of the weights that they move
 */
export function stepFactorNames({ kind }: OptimizerSpec, rateFactor = 1): readonly string[] {
  const names =
    kind === 'sgd'
      ? ['learningRate']
      : ['stepSize', 'rootScale', ...(kind === 'adamW' ? ['shrink'] : [])];
  return rateFactor === 1 ? names : names.map((name) => `${name}, ${rateFactor} times the rate`);
}

/** Every factor of a learning rate that weights called `names` have. */
export function rateFactorsOf(
  names: readonly string[],
  { rateFactors = {} }: Pick<UpdateSettings, 'rateFactors'>,
): readonly number[] {
  return [...new Set(names.map((name) => rateFactors[name] ?? 1))];
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
  rateFactor = 1,
): Readonly<Record<string, number>> {
  const rate = rateFactor * learningRate;
  const names = stepFactorNames(spec, rateFactor);
  const values = spec.kind === 'sgd' ? [rate] : adamValues(adamFactors(step, rate, spec));
  return Object.fromEntries(names.map((name, index) => [name, values[index] as number]));
}

function adamValues({ stepSize, rootScale, shrink }: AdamFactors): readonly number[] {
  return [stepSize, rootScale, shrink];
}
