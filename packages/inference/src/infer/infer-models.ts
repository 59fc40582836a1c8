import { describeMachine } from '@dlcmp/bench-core';
import type { InferenceResults, InferredModel, PrecisionVerdict } from '@dlcmp/bench-core/results';
import { type ImageModelOptions, throwIfAborted } from '@dlcmp/contract';
import { TOLERANCE } from '../answers/compare-answers';
import { findModel } from '../formats/model-format';
import type { ImageFiles } from '../images/image-files';
import type { RuntimeId } from '../runtimes/model-runtime';
import { answerModel, type Labels, type ModelAnswers } from './answer-model';
import { compareRuns } from './compare-runs';
import { inspectModel } from './inspect-model';
import { judgePrecisions } from './judge-precisions';
import { measureRuns } from './measure-runs';

/** Answers of another program, for the images in their order. */
export interface ExpectedAnswers {
  /** For messages: where they come from. */
  readonly source: string;
  /** Of the columns; where they are the model's own, in whatever order, columns are matched by name, else by place. */
  readonly classNames: readonly string[];
  /** Row-major [images × classes]. */
  readonly probabilities: Float32Array;
}

export interface InferPlan {
  /** Paths of one model in several forms; the first in float32 is what others are held against. */
  readonly models: readonly string[];
  readonly images: ImageFiles;
  /** What is right for each image: names of classes. Default: unknown. */
  readonly labels?: Labels | undefined;
  /** Held against the first model's. Default: none. */
  readonly expected?: ExpectedAnswers | undefined;
  /** What the models' files do not say. */
  readonly options: ImageModelOptions;
  /** Default: all that open the format. */
  readonly runtimes?: readonly RuntimeId[] | undefined;
  readonly threads: number;
  /** Processes that each run is measured in; 0 leaves measuring out. */
  readonly repeats: number;
  /** Decides the order in which runs are measured. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string) => void) | undefined;
}

/**
 * Runs models in every runtime that opens them, holds their answers against one another, names what makes them differ, and measures
 * those that agree.
 *
 * @throws `INVALID_FILE`, `INVALID_ARGUMENT`, `INVALID_DATA` before anything is run; `ABORTED`
 */
export async function inferModels(plan: InferPlan): Promise<InferenceResults> {
  const startedAt = new Date().toISOString();
  const files = plan.models.map(findModel);
  const inspected = await Promise.all(files.map(inspectModel));
  const answered: ModelAnswers[] = [];
  for (const [index, file] of files.entries()) {
    throwIfAborted(plan.signal);
    const { precision } = inspected[index] as (typeof inspected)[number];
    answered.push(await answerModel(plan, { index, file, precision }, answered));
  }
  const precisions = judgePrecisions(inspected, answered);
  const runs = await measureRuns(
    plan,
    files,
    answered.flatMap(({ runs: of }) => of),
    precisions,
  );
  return {
    schemaVersion: 1,
    kind: 'inference',
    startedAt,
    machine: await describeMachine(),
    configuration: {
      threads: plan.threads,
      repeats: plan.repeats,
      seed: plan.seed,
      images: plan.images.count,
      isLabelled: plan.labels !== undefined,
      tolerance: TOLERANCE,
    },
    models: inspected.map((model, index) => ({ ...model, ...answered[index]?.described })),
    runs,
    precisions,
    comparisons: compareRuns(
      runs.filter(({ model }) => isJudged(inspected[model], precisions, model)),
    ),
  };
}

/** Runtimes round int8 each in their way: only accuracy says whether such a model computes the same. */
function isJudged(
  model: InferredModel | undefined,
  precisions: readonly PrecisionVerdict[],
  index: number,
): boolean {
  return model?.precision !== 'int8' || precisions.some((one) => one.model === index);
}
