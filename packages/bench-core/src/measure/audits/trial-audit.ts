import type {
  Adapter,
  Classifier,
  FitProgress,
  LabelledImages,
  TrainingImages,
} from '@dlcmp/contract';
import { quantile } from 'simple-statistics';
import type {
  EpochMeasurement,
  SavedModelMeasurement,
  TrialMeasurements,
} from '../../results/bench-results';
import type { Check } from '../../results/checks';
import { type Clock, timed } from '../clock';
import type { MeasuredImages, TrialPlan } from '../measure-trial';
import { predictBatches } from '../predict-batches';
import { AnswerWatch, largestDifference } from './answer-watch';
import { auditAnswers } from './audit-answers';
import { judged } from './audit-definitions';
import { firstPassed } from './first-passed';
import { MachinePace } from './machine-pace';
import { auditTrainingAgain } from './training-again';
import { TrainingWatch } from './training-watch';
import { auditUnseenSpeed } from './unseen-speed';

/** A collector's and a compiler's doing. */
const EVALUATION_SLACK_SECONDS = 0.1;

type Timed = Pick<
  TrialMeasurements,
  'inferenceSeconds' | 'trainSeconds' | 'accuracy' | 'details'
> & {
  readonly epochs: readonly EpochMeasurement[];
  readonly phases: Pick<TrialMeasurements['phases'], 'firstStepSeconds'>;
};

/** Everything that one trial checks about itself, gathered while it is measured. */
export class TrialAudit {
  readonly #family: Adapter['family'];
  readonly #plan: TrialPlan;
  readonly #test: LabelledImages;
  readonly #training: TrainingWatch | undefined;
  readonly #pace = new MachinePace();
  #answers: AnswerWatch | undefined;
  #evaluated: Float32Array | undefined;
  #checked: Float32Array = new Float32Array();

  constructor(
    family: Adapter['family'],
    classifier: Classifier,
    { train, test }: MeasuredImages,
    plan: TrialPlan,
  ) {
    this.#family = family;
    this.#plan = plan;
    this.#test = test;
    this.#training =
      family === 'cnn'
        ? new TrainingWatch(plan.spec, train, plan.training, classifier.resourceUsage !== undefined)
        : undefined;
  }

  /** `images`, counted as they are fetched. */
  counting(images: TrainingImages): TrainingImages {
    return this.#training?.images ?? images;
  }

  progress(progress: FitProgress): void {
    this.#training?.progress(progress);
  }

  /** How many of `images` are trained on: the others are held back. */
  trainedImages({ count }: TrainingImages): number {
    return this.#training?.trainedCount ?? count;
  }

  /**
   * To be called after each epoch, off the clock, with the probabilities that it was evaluated by.
   *
   * @param isBest whether it is the one that training ends with, unless a later one is
   */
  async epochEnded(
    classifier: Classifier,
    probabilities: Float32Array,
    isBest: boolean,
  ): Promise<void> {
    if (isBest) this.#evaluated = probabilities;
    this.#pace.sample();
    await this.#training?.epochEnded(classifier, isBest);
  }

  /** To be called with the probabilities of the test set that the accuracy is taken from. */
  inferred(probabilities: Float32Array): void {
    this.#checked = probabilities;
    this.#answers = new AnswerWatch(probabilities, this.#test);
    if (this.#evaluated) this.#answers.keep('the last evaluation', 0, this.#evaluated);
  }

  /** Keeps answers of a timed call for the test images from `first` on. */
  readonly keep = (what: string, first: number, answers: Float32Array): void => {
    this.#answers?.keep(what, first, answers);
  };

  /** What training left for comparing it with others. */
  get record(): Pick<TrialMeasurements, 'training'> {
    return this.#training ? { training: this.#training.record } : {};
  }

  /** To be called once the classifier has been measured; it is trained on other images meanwhile. */
  async classifierChecks(classifier: Classifier, times: Timed, clock: Clock): Promise<Check[]> {
    const { spec, training } = this.#plan;
    return [
      ...((await this.#training?.checks(classifier)) ?? []),
      ...(this.#answers?.checks() ?? []),
      ...(await auditAnswers(this.#family, classifier, this.#test, spec)),
      ...(await auditUnseenSpeed(classifier, this.#test, spec, clock)),
      ...(await this.#clocks(classifier, times, clock)),
      ...(this.#training
        ? [
            await auditTrainingAgain(
              ...([classifier, this.#test, spec, training] as const),
              {
                secondsPerStep: times.trainSeconds / this.#training.steps,
                firstStepSeconds: times.phases.firstStepSeconds ?? 0,
              },
              clock,
              this.#pace,
            ),
          ]
        : []),
    ];
  }

  savedChecks(
    probabilities: Float32Array,
    saved: SavedModelMeasurement,
    accuracy: number,
  ): Check[] {
    const [before, after] = [accuracy, saved.accuracy].map((share) => share.toFixed(4));
    return [
      judged('saved-answers', largestDifference(probabilities, this.#checked)),
      judged(
        'saved-accuracy',
        Math.abs(saved.accuracy - accuracy),
        `${after} saved, ${before} in the trial`,
      ),
    ];
  }

  async #clocks(
    classifier: Classifier,
    { epochs, inferenceSeconds, trainSeconds, details }: Timed,
    clock: Clock,
  ): Promise<Check[]> {
    const own = details.peerTrainSeconds;
    // The first evaluation builds sessions and compiles.
    const evaluations = epochs.slice(1).map(({ evaluationSeconds }) => evaluationSeconds);
    const { spec, inferenceBatchSize } = this.#plan;
    const attempt = async (round: number) => {
      const evaluation = quantile(evaluations, 0.25);
      const predict = () => predictBatches(classifier, this.#test, spec, inferenceBatchSize);
      const inference = round === 1 ? inferenceSeconds : (await timed(clock, predict)).seconds;
      const figure = Math.max(0, evaluation - EVALUATION_SLACK_SECONDS) / inference;
      const detail = `${evaluation.toPrecision(3)} s, and ${inference.toPrecision(3)} s for the same images later`;
      return judged('evaluation-time', figure, detail);
    };
    return [
      ...(evaluations.length > 0 ? [await firstPassed(attempt)] : []),
      ...(typeof own === 'number' ? [judged('own-clock', own / trainSeconds)] : []),
    ];
  }
}
