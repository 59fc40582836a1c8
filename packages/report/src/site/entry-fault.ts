import {
  type BenchResults,
  type CompletedTrial,
  contenderTitle,
  type TrialResult,
} from '@dlcmp/bench-core/results';

type Check = (results: BenchResults) => string | undefined;

/** Each says what is wrong, naming it; the schema was checked by whoever read the file. */
const CHECKS: readonly Check[] = [
  ({ trials }) => (trials.length === 0 ? 'it holds no trial' : undefined),
  ({ trials }) =>
    about(
      trials.find((trial) => trial.status !== 'completed'),
      'did not complete',
    ),
  ({ trials, configuration }) =>
    about(
      trials.find(({ seed }) => !configuration.seeds.includes(seed)),
      'is of a seed that the configuration has not',
    ),
  ({ trials }) => about(repeatedTrial(trials), 'is there twice'),
  (results) => firstFault(results, countFault),
  (results) => firstFault(results, accuracyFault),
  (results) => firstFault(results, failedCheck),
];

/** Why results can't stand on a site beside others; undefined where they can. */
export function entryFault(results: BenchResults): string | undefined {
  for (const check of CHECKS) {
    const fault = check(results);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function about(trial: TrialResult | undefined, what: string): string | undefined {
  return trial && `${contenderTitle(trial)}, seed ${trial.seed}, ${what}`;
}

function repeatedTrial(trials: readonly TrialResult[]): TrialResult | undefined {
  const keys = trials.map(({ adapter, backend, seed, repeat = 1, settings }) =>
    JSON.stringify([adapter, backend, seed, repeat, settings]),
  );
  return trials.find((_, at) => keys.indexOf(keys[at] as string) !== at);
}

function firstFault(
  results: BenchResults,
  faultOf: (trial: CompletedTrial, results: BenchResults) => string | undefined,
): string | undefined {
  for (const trial of results.trials) {
    if (trial.status !== 'completed') continue;
    const fault = faultOf(trial, results);
    if (fault !== undefined) return about(trial, fault);
  }
  return undefined;
}

function countFault(trial: CompletedTrial, { dataset }: BenchResults): string | undefined {
  const { predictedLabels, confusionMatrix, testCount } = trial;
  const counted = confusionMatrix.flat().reduce((sum, count) => sum + count, 0);
  const counts = [testCount, predictedLabels.length, counted];
  if (counts.every((count) => count === dataset.testImages.length)) return undefined;
  return `speaks of ${counts.join(', ')} test images, and the data set has ${dataset.testImages.length}`;
}

/** Of rounding in a file. */
const TOLERANCE = 1e-9;

function accuracyFault(trial: CompletedTrial, { dataset }: BenchResults): string | undefined {
  const right = dataset.testImages.filter(({ label }, at) => trial.predictedLabels[at] === label);
  const accuracy = right.length / dataset.testImages.length;
  if (Math.abs(accuracy - trial.accuracy) < TOLERANCE) return undefined;
  return `has an accuracy of ${trial.accuracy}, and its answers one of ${accuracy}`;
}

function failedCheck({ checks = [], comparable }: CompletedTrial): string | undefined {
  const failed = checks.filter(({ passed }) => !passed).map(({ id }) => id);
  if (failed.length > 0) return `fails the check ${failed.join(', ')}`;
  return comparable === false ? 'is not comparable' : undefined;
}
