import {
  type Classifier,
  type CnnClassifier,
  type LabelledImages,
  type ModelSpec,
  pixelsInMemory,
  type TrainingImages,
} from '@dlcmp/contract';
import type { Check } from '../../results/checks';
import { type Clock, timed } from '../clock';
import { type TrainingOptions, withoutValidation } from '../measure-fit';
import { judged } from './audit-definitions';
import { firstPassed } from './first-passed';
import type { MachinePace } from './machine-pace';
import { unseenImages } from './unseen-images';

/** What training again may take at most, by the pace that was timed. */
const BUDGET_SECONDS = 1;
const MOST_STEPS = 20;
/** What a fit takes besides its steps, such as handing images to another process and compiling: as much as the timed one, within these. */
const LEAST_SLACK_SECONDS = 0.5;
const MOST_SLACK_SECONDS = 2;

export interface TimedTraining {
  readonly secondsPerStep: number;
  /** From the start of `fit` until the first step was told. */
  readonly firstStepSeconds: number;
}

/**
 * Whether steps are taken or replayed: trains `classifier`, which is then of no more use, on images that it has never seen,
 * and compares the time of a step with the one timed. Where that fails, it is tried again, and by as much as
 * the machine itself has become slower meanwhile, a step may.
 */
export async function auditTrainingAgain(
  classifier: Classifier,
  images: LabelledImages,
  spec: ModelSpec,
  training: TrainingOptions,
  { secondsPerStep, firstStepSeconds }: TimedTraining,
  clock: Clock,
  pace: MachinePace,
): Promise<Check> {
  const { batchSize = 32 } = training;
  // Where frozen layers compute features once, their time is shared by as many epochs as were timed.
  const epochs = (training.train ?? 'all') === 'all' ? 1 : (training.epochs ?? 10);
  const affordable = Math.floor(BUDGET_SECONDS / (epochs * secondsPerStep));
  const steps = Math.max(1, Math.min(MOST_STEPS, affordable));
  const slack = Math.min(Math.max(firstStepSeconds, LEAST_SLACK_SECONDS), MOST_SLACK_SECONDS);
  const attempt = async (round: number) => {
    const unseen = unseenTraining(images, spec, steps * batchSize, round);
    const options = { ...withoutValidation(training), epochs };
    const { result, slowdown } = await pace.slowdownDuring(() =>
      timed(clock, () => (classifier as CnnClassifier).fit(unseen, options)),
    );
    const seconds = result.seconds / (round === 1 ? 1 : slowdown);
    const again = Math.max(0, seconds - slack) / (steps * epochs);
    const [now, then] = [again, secondsPerStep].map((value) => (1000 * value).toPrecision(3));
    const detail = `${now} ms a step, ${then} ms when timed`;
    return judged('training-again', again / secondsPerStep, detail);
  };
  try {
    return await firstPassed(attempt);
  } catch (error) {
    return judged('training-again', Number.NaN, (error as Error).message);
  }
}

/** Fetched from a source, as the images of a trial are. */
function unseenTraining(
  images: LabelledImages,
  spec: ModelSpec,
  count: number,
  round: number,
): TrainingImages {
  const pixels = unseenImages(images, spec, count, Math.floor((round * images.count) / 5));
  const labels = Int32Array.from(
    { length: count },
    (_, i) => images.labels[i % images.count] as number,
  );
  return { pixels: pixelsInMemory(pixels, count, spec), labels, count };
}
