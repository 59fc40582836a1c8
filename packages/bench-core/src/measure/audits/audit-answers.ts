import {
  bytesPerImage,
  type Classifier,
  type CnnClassifier,
  elementCount,
  type LabelledImages,
  type ModelSpec,
  type Network,
  networkOf,
} from '@dlcmp/contract';
import { ReferenceNetwork, softmaxRows } from '../../reference-network/reference-network';
import type { Check } from '../../results/checks';
import { predictBatches } from '../predict-batches';
import { largestDifference } from './answer-watch';
import { judged } from './audit-definitions';
import { unseenImages } from './unseen-images';

const BATCH_SIZE = 32;
const SINGLE_IMAGES = 4;
/** Products that one image may take in float64: a second or two. */
const MOST_PRODUCTS = 1e9;
/** Those that several may take together. */
const MOST_PRODUCTS_TOGETHER = 4e8;

/** Whether `classifier` answers by its weights, image by image, whatever is asked and however. */
export async function auditAnswers(
  family: 'forest' | 'cnn',
  classifier: Classifier,
  images: LabelledImages,
  spec: ModelSpec,
): Promise<Check[]> {
  const pixels = unseenImages(images, spec, BATCH_SIZE, images.count - 1);
  const together = await classifier.predict(pixels, BATCH_SIZE);
  const few = {
    pixels: pixels.subarray(0, SINGLE_IMAGES * bytesPerImage(spec)),
    count: SINGLE_IMAGES,
  };
  const alone = await predictBatches(classifier, { ...few, labels: new Int32Array() }, spec, 1);
  const classes = spec.classNames.length;
  const checks = [
    judged('batch-size', largestDifference(alone, together.subarray(0, SINGLE_IMAGES * classes))),
  ];
  if (family === 'forest') return checks;
  const cnn = classifier as CnnClassifier;
  const logits = await cnn.predictLogits(pixels, BATCH_SIZE);
  checks.push(judged('softmax', largestDifference(together, softmaxRows(logits, classes))));
  return [...checks, ...(await auditWeights(cnn, pixels, alone, spec))];
}

/** Holds answers against those that the trained weights give in float64, for as many images as that takes seconds for. */
async function auditWeights(
  classifier: CnnClassifier,
  pixels: Uint8Array,
  answers: Float32Array,
  spec: ModelSpec,
): Promise<Check[]> {
  const network = networkOf(spec);
  const products = productsPerImage(network);
  if (products > MOST_PRODUCTS) return [];
  const affordable = Math.max(1, Math.floor(MOST_PRODUCTS_TOGETHER / products));
  const count = Math.min(SINGLE_IMAGES, affordable);
  const reference = new ReferenceNetwork(network);
  reference.write(await classifier.getWeights());
  const classes = spec.classNames.length;
  const scores = reference.infer(pixels.subarray(0, count * bytesPerImage(spec)), count);
  const figure = differenceOfScores(answers.subarray(0, count * classes), scores, classes);
  return [judged('answers-of-weights', figure)];
}

/**
 * How far scores that give `probabilities` are from `scores`, both row-major, as a share of the largest: what a format of fewer
 * digits shows, however near to certain the answers are. Probabilities tell scores but for a number added to a row.
 */
function differenceOfScores(
  probabilities: Float32Array,
  scores: Float64Array,
  classes: number,
): number {
  const left = centred(Float64Array.from(probabilities, Math.log), classes);
  const right = centred(scores, classes);
  return largestDifference(left, right) / Math.max(...right.map(Math.abs));
}

/** Each row less its mean. */
function centred(rows: Float64Array, classes: number): Float64Array {
  return rows.map((value, at) => {
    const start = at - (at % classes);
    const row = rows.subarray(start, start + classes);
    return value - row.reduce((sum, other) => sum + other, 0) / classes;
  });
}

/** Multiplications of convolutions and dense layers for one image. */
function productsPerImage({ nodes, weightShapes }: Network): number {
  const products = nodes.map(({ name, outputShape: [, ...positions] }) =>
    elementCount([...(weightShapes[`${name}.weight`] ?? [0]), ...positions]),
  );
  return products.reduce((sum, count) => sum + count, 0);
}
