import type { InferredModel, PrecisionVerdict } from '@dlcmp/bench-core/results';
import { judgePrecision } from '../precision/judge-precision';
import type { ModelAnswers } from './answer-model';

/** Verdicts on models in fewer bits, where there are labels and a model in float32. */
export function judgePrecisions(
  models: readonly InferredModel[],
  answered: readonly ModelAnswers[],
): PrecisionVerdict[] {
  const reference = models.findIndex(
    ({ precision }, index) => precision === 'fp32' && answered[index]?.hits,
  );
  const right = answered[reference]?.hits;
  if (!right) return [];
  return models.flatMap(({ precision }, model) => {
    const hits = answered[model]?.hits;
    if (precision === 'fp32' || !hits) return [];
    return [{ model, reference, precision, ...judgePrecision(right, hits) }];
  });
}
