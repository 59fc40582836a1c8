import type {
  InferenceAnswered,
  InferenceFigure,
  InferenceResults,
  InferenceRun,
} from '@dlcmp/bench-core/results';

const FIGURE_WORDS: Readonly<Record<InferenceFigure, string>> = {
  latency: 'single images',
  throughput: 'batches of 32',
};

/** What a study of trained models found, sentence by sentence: what differs and why, what was refused, precision, the fastest. */
export function inferenceSentences(results: InferenceResults): string[] {
  const answered = results.runs.filter((run) => run.status === 'answered');
  const { models, precisions } = results;
  const exact = answered.filter(({ model }) => models[model]?.precision !== 'int8');
  const agreeing = exact.filter(({ agrees }) => agrees).length;
  const unjudged = models.filter(
    ({ precision }, index) =>
      precision === 'int8' && precisions.every(({ model }) => model !== index),
  );
  return [
    `${agreeing} of ${exact.length} runs in float32 or float16 answer alike for ${results.configuration.images} images.`,
    ...unjudged.map(
      ({ path }) =>
        `${path} (int8) is not judged and compared with no other: give labels, and a model in float32 before it.`,
    ),
    ...answered.flatMap((run) => differenceSentence(run, results.runs)),
    ...answered.flatMap(preparationSentence),
    ...results.runs.flatMap((run) =>
      run.status === 'refused' ? [`${run.title} could not run: ${run.reason}`] : [],
    ),
    ...results.precisions.map((verdict) => precisionSentence(results, verdict)),
    ...(Object.keys(FIGURE_WORDS) as InferenceFigure[]).map((figure) =>
      fastestSentence(results, figure),
    ),
  ].filter((sentence) => sentence !== '');
}

/** Of a probability: what another program's rounding of pixels may come to. */
const ROUNDING = 2e-3;

function differenceSentence(
  { title, agrees, difference }: InferenceAnswered,
  runs: readonly InferenceRun[],
): string[] {
  if (agrees || !difference) return [];
  const { against, largest, agreement, explanation } = difference;
  const isOfPixels = largest <= ROUNDING && runs.every(({ title: one }) => one !== against);
  const advice = isOfPixels
    ? 'No common fault explains it; so little can come of pixels that another library decodes or resizes by 1 of 255 otherwise.'
    : 'No common fault explains it: compare the models themselves.';
  const fault = explanation
    ? `It is as if ${explanation.words}: with that, ${significant(explanation.remaining, 2)} is left.`
    : advice;
  return [
    `${title} differs from ${against} by up to ${significant(largest, 2)} of a probability, and names the same class for ${share(agreement)} of images. ${fault}`,
  ];
}

/** Of rounding: a tensor's values are of float32, and two decoders of JPEG round otherwise. */
const TENSOR_TOLERANCE = 1e-5;
const BYTE_TOLERANCE = 2;

function preparationSentence({ title, preparation }: InferenceAnswered): string[] {
  if (!preparation) return [];
  const { tensor, bytes } = preparation;
  const sentences: string[] = [];
  if (tensor > TENSOR_TOLERANCE) {
    sentences.push(
      `${title}: what dlcmp feeds the model is up to ${significant(tensor, 2)} from what NumPy makes of the same pixels.`,
    );
  }
  if (bytes !== null && bytes > BYTE_TOLERANCE) {
    sentences.push(`${title}: pixels are up to ${bytes} of 255 from Pillow's for the same files.`);
  }
  return sentences;
}

function precisionSentence(
  { models }: InferenceResults,
  {
    model,
    precision,
    accuracy,
    referenceAccuracy,
    verdict,
    pValue,
  }: InferenceResults['precisions'][number],
): string {
  const path = models[model]?.path ?? '';
  const figures = `${path} (${precision}) is right about ${share(accuracy)} of images, float32 about ${share(referenceAccuracy)}`;
  if (verdict === 'kept') return `${figures}: it keeps 99 % of the accuracy.`;
  const chance = `McNemar's p ${significant(pValue, 2)}`;
  return verdict === 'lost'
    ? `${figures}: it loses accuracy (${chance}) and is not compared. Calibrate it on images as it will see, or leave its first and last layers in float32.`
    : `${figures}: less than 99 %, but too few images to tell (${chance}); it is not compared. Give more labelled images.`;
}

function fastestSentence({ comparisons, runs }: InferenceResults, figure: InferenceFigure): string {
  const of = comparisons.filter((one) => one.figure === figure);
  if (of.length === 0) return '';
  const winner = runs.find(({ title }) =>
    of
      .filter(({ left, right }) => left === title || right === title)
      .every(({ left, winner: side }) => side === (left === title ? 'left' : 'right')),
  );
  const isCompared = of.some(
    ({ left, right }) => left === winner?.title || right === winner?.title,
  );
  return winner && isCompared
    ? `For ${FIGURE_WORDS[figure]}, ${winner.title} is the fastest.`
    : `For ${FIGURE_WORDS[figure]}, no run is the fastest beyond chance.`;
}

/** Titles of what a run's row holds. */
export const INFERENCE_COLUMNS = [
  'model · runtime',
  'largest difference',
  'same class',
  'accuracy',
  'load (s)',
  'one image (ms)',
  'images/s at 32',
  'memory (MiB)',
] as const;

/** A run's figures as text, medians over processes; – where there is none. */
export function inferenceRow(run: InferenceRun): string[] {
  if (run.status === 'refused') return [run.title, 'refused', ...new Array<string>(6).fill('–')];
  const { difference, accuracy, measured } = run;
  const median = (
    value: (one: (typeof measured)[number]) => number | undefined,
    digits: number,
  ) => {
    const values = measured.map(value).filter((one) => one !== undefined);
    const sorted = values.sort((left, right) => left - right);
    const middle = sorted[Math.floor((sorted.length - 1) / 2)];
    return middle === undefined ? '–' : significant(middle, digits);
  };
  return [
    run.title,
    difference ? significant(difference.largest, 2) : 'reference',
    difference ? share(difference.agreement) : '–',
    accuracy === undefined ? '–' : share(accuracy),
    median(({ loadSeconds }) => loadSeconds, 3),
    median(({ p50Ms }) => p50Ms, 3),
    median(
      ({ throughput }) => throughput.find(({ batchSize }) => batchSize === 32)?.imagesPerSecond,
      3,
    ),
    median(({ peakRssBytes }) => peakRssBytes / 2 ** 20, 3),
  ];
}

function share(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

/** `3.8e-7`, `0.034`, `187`: so many digits that count. */
export function significant(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
