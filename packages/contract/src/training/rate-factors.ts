import type { CnnFitOptions } from '../classifier';
import type { UpdateSettings } from '../engine/engine';
import { assertArgument } from '../errors';
import type { Network } from '../network/resolve-network';
import { assertRate } from '../schedules/learning-rate-schedule';

/**
 * What the learning rate of each weight of the last dense layer is multiplied by, so that its highest is `headLearningRate`;
 * nothing where that is the others'.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function headRateFactors(
  { headLearningRate, schedule, learningRate = 1e-3 }: CnnFitOptions,
  { nodes, weightShapes }: Pick<Network, 'nodes' | 'weightShapes'>,
): UpdateSettings['rateFactors'] {
  if (headLearningRate === undefined) return undefined;
  assertRate('headLearningRate', headLearningRate);
  assertArgument(
    typeof schedule !== 'function',
    "headLearningRate needs a schedule whose highest rate is known: give it as data, such as { kind: 'cosine', learningRate }, or give learningRate alone.",
  );
  const factor = headLearningRate / (schedule?.learningRate ?? learningRate);
  const head = nodes.findLast(({ type }) => type === 'dense')?.name;
  assertArgument(
    head !== undefined,
    'headLearningRate is that of the last dense layer, and this network has none: leave it out.',
  );
  if (factor === 1) return undefined;
  const names = Object.keys(weightShapes).filter((name) => name.startsWith(`${head}.`));
  return Object.fromEntries(names.map((name) => [name, factor]));
}

/** The learning rate of the weight called `name`, where that of most is `learningRate`. */
export function rateOf(
  name: string,
  { learningRate, rateFactors }: Pick<UpdateSettings, 'learningRate' | 'rateFactors'>,
): number {
  return learningRate * (rateFactors?.[name] ?? 1);
}
