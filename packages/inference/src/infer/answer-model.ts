import { basename } from 'node:path';
import { mostProbableClasses } from '@dlcmp/bench-core';
import type {
  InferenceAnswered,
  InferenceDifference,
  InferencePrecision,
  InferenceRun,
  InferredModel,
} from '@dlcmp/bench-core/results';
import { assertArgument, type ImageModel, isDlcmpError } from '@dlcmp/contract';
import { compareAnswers, TOLERANCE } from '../answers/compare-answers';
import { treatmentOf } from '../answers/treatment';
import { explainDifference } from '../faults/explain-difference';
import type { ModelFile } from '../formats/model-format';
import { ModelProcess } from '../process/model-process';
import { runtimesFor } from '../runtimes';
import type { ModelRuntime } from '../runtimes/model-runtime';
import type { InferPlan } from './infer-models';

/** Names of the classes that are right, by image. */
export type Labels = readonly string[];

/** A model and what all its runs answered. */
export interface ModelAnswers {
  readonly runs: readonly InferenceRun[];
  readonly described: Pick<InferredModel, 'description' | 'sources'>;
  /** Of the run that this model's others are held against; absent where none answered. */
  readonly reference?: ReferenceAnswers | undefined;
  /** Whether each image was right, by that run; absent without labels. */
  readonly hits?: readonly boolean[] | undefined;
}

/** Answers that others are held against. */
export interface ReferenceAnswers {
  readonly title: string;
  readonly classNames: readonly string[];
  readonly probabilities: Float32Array;
  readonly precision: InferencePrecision;
}

/** Within a model, between runtimes: float16 has 11 bits; int8 is judged by accuracy, since runtimes round it otherwise. */
const TOLERANCES: Readonly<Record<InferencePrecision, number>> = {
  fp32: TOLERANCE,
  fp16: 1e-2,
  int8: Number.POSITIVE_INFINITY,
};

/** Images on which faults are tried: enough to tell them apart. */
const IMAGES_FOR_FAULTS = 24;

interface Subject {
  readonly index: number;
  readonly file: ModelFile;
  readonly precision: InferencePrecision;
}

/** Runs a model in each runtime that opens its format, one after the other. */
export async function answerModel(
  plan: InferPlan,
  subject: Subject,
  before: readonly ModelAnswers[],
): Promise<ModelAnswers> {
  const runs: InferenceRun[] = [];
  const first = before.find(({ reference }) => reference)?.reference;
  const expected = plan.expected && {
    title: plan.expected.source,
    precision: 'fp32' as const,
    ...plan.expected,
  };
  let reference: ReferenceAnswers | undefined;
  let described: ModelAnswers['described'] = {};
  let hits: boolean[] | undefined;
  for (const runtime of runtimesFor(subject.file.format)) {
    if (plan.runtimes && !plan.runtimes.includes(runtime.id)) continue;
    const title = `${nameOf(subject.file.path)} · ${runtime.title}`;
    plan.onProgress?.(title);
    const identity = { model: subject.index, runtime: runtime.id, title };
    const against = reference ?? (before.length === 0 ? expected : first);
    const outcome = await answerIn(plan, subject, runtime, identity, against);
    runs.push(outcome.run);
    if (!outcome.probabilities) continue;
    if (!reference) {
      const { model, sources } = outcome.opened;
      described = { description: model, sources };
      hits = hitsOf(plan.labels, outcome.probabilities, model.classNames);
      const { classNames } = model;
      const { probabilities } = outcome;
      reference = { title, classNames, probabilities, precision: subject.precision };
    }
  }
  return { runs, described, reference, hits };
}

type Identity = Pick<InferenceAnswered, 'model' | 'runtime' | 'title'>;

async function answerIn(
  plan: InferPlan,
  { file, precision }: Subject,
  runtime: ModelRuntime,
  identity: Identity,
  against: ReferenceAnswers | undefined,
) {
  let model: ModelProcess | undefined;
  try {
    const { options, threads } = plan;
    model = await ModelProcess.open({ file, runtime: runtime.id, options, threads });
    const { opened } = model;
    const treatment = treatmentOf(opened.model);
    const pixels = await plan.images.pixelsOf(treatment);
    const { count, files } = plan.images;
    const probabilities = await model.ask({ kind: 'answer', treatment, pixels, count });
    const paths = files.map(({ path }) => path);
    const preparation = await model.ask({ kind: 'check', files: paths, pixels });
    const limit = Math.max(TOLERANCES[precision], TOLERANCES[against?.precision ?? 'fp32']);
    const difference =
      against && (await differenceFrom(plan, model, probabilities, against, limit));
    const hits = hitsOf(plan.labels, probabilities, opened.model.classNames);
    const run: InferenceRun = {
      ...identity,
      status: 'answered',
      versions: opened.versions,
      ...(difference && { difference }),
      agrees: !difference || difference.largest <= limit,
      ...(hits && { accuracy: hits.filter(Boolean).length / hits.length }),
      ...(preparation && { preparation }),
      measured: [],
      notes: [],
    };
    return { run, probabilities, opened };
  } catch (error) {
    if (!isDlcmpError(error)) throw error;
    const run: InferenceRun = { ...identity, status: 'refused', reason: error.message };
    return { run };
  } finally {
    await model?.close();
  }
}

async function differenceFrom(
  { images }: InferPlan,
  process: ModelProcess,
  probabilities: Float32Array,
  against: ReferenceAnswers,
  limit: number,
): Promise<InferenceDifference> {
  const { model, outputs } = process.opened;
  const columns = model.classNames.length;
  const theirs = inOrder(against, model.classNames);
  const { largest, agreement } = compareAnswers(probabilities, theirs, columns);
  const difference = { against: against.title, largest, agreement };
  if (largest <= limit) return difference;
  const most = Math.min(IMAGES_FOR_FAULTS, images.count);
  const explanation = await explainDifference(
    {
      treatment: treatmentOf(model),
      outputs,
      answer: async (treatment, count) => {
        const pixels = await images.first(count).pixelsOf(treatment);
        return process.ask({ kind: 'answer', treatment, pixels, count });
      },
    },
    theirs.subarray(0, most * columns),
    limit,
  );
  return { ...difference, ...(explanation && { explanation }) };
}

/** Columns by the model's names where they are the same, else as they stand. */
function inOrder(
  { title, classNames, probabilities }: ReferenceAnswers,
  names: readonly string[],
): Float32Array {
  assertArgument(
    classNames.length === names.length,
    `The model answers ${names.length} classes, and ${title} ${classNames.length}: they are not the same model. Give forms of one model.`,
  );
  const places = names.map((name) => classNames.indexOf(name));
  if (places.includes(-1)) return probabilities;
  const { length } = names;
  return probabilities.map(
    (_, at) => probabilities[at - (at % length) + (places[at % length] as number)] as number,
  );
}

function hitsOf(
  labels: Labels | undefined,
  probabilities: Float32Array,
  classNames: ImageModel['classNames'],
): boolean[] | undefined {
  if (!labels) return undefined;
  const unknown = labels.find((label) => !classNames.includes(label));
  assertArgument(
    unknown === undefined,
    `The labels name a class "${unknown}", which the model does not have: it has ${classNames.slice(0, 6).join(', ')}${classNames.length > 6 ? ' …' : ''}. Give its names in order (classNames, --class-names).`,
  );
  const predicted = mostProbableClasses(probabilities, classNames.length);
  return predicted.map((label, image) => classNames[label] === labels[image]);
}

function nameOf(path: string): string {
  return basename(path.replace(/[/\\]$/, ''));
}
