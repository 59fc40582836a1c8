import { assertFiniteProbabilities } from '@dlcmp/contract';
import type { ClassQuality, Quality } from '../results/bench-results';

const SMALLEST_PROBABILITY = 1e-15;

/**
 * Quality of predicted probabilities against the truth.
 *
 * @param probabilities row-major [labels.length × classNames.length]
 * @param labels class index of each image
 * @throws `DIVERGED` where a probability is not finite
 */
export function measureQuality(
  probabilities: Float32Array,
  labels: Int32Array,
  classNames: readonly string[],
): Quality {
  assertFiniteProbabilities(probabilities);
  const predictedLabels = mostProbableClasses(probabilities, classNames.length);
  const confusionMatrix = countConfusions(labels, predictedLabels, classNames.length);
  const hits = confusionMatrix.reduce((sum, row, label) => sum + (row[label] as number), 0);
  return {
    accuracy: hits / labels.length,
    logLoss: meanNegativeLogProbability(probabilities, labels, classNames.length),
    confusionMatrix,
    perClass: classNames.map((name, label) => classQuality(name, label, confusionMatrix)),
    predictedLabels,
  };
}

/** Index of the largest probability of each row; the first among equals. */
export function mostProbableClasses(probabilities: Float32Array, classCount: number): number[] {
  return Array.from({ length: probabilities.length / classCount }, (_, row) => {
    const start = row * classCount;
    let best = start;
    for (let i = start + 1; i < start + classCount; i++) {
      if ((probabilities[i] as number) > (probabilities[best] as number)) best = i;
    }
    return best - start;
  });
}

function countConfusions(
  labels: Int32Array,
  predicted: readonly number[],
  classCount: number,
): number[][] {
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  labels.forEach((label, image) => {
    const row = matrix[label] as number[];
    row[predicted[image] as number] = (row[predicted[image] as number] as number) + 1;
  });
  return matrix;
}

function meanNegativeLogProbability(
  probabilities: Float32Array,
  labels: Int32Array,
  classCount: number,
): number {
  const sum = labels.reduce((total, label, image) => {
    const probability = probabilities[image * classCount + label] as number;
    return total - Math.log(Math.max(probability, SMALLEST_PROBABILITY));
  }, 0);
  return sum / labels.length;
}

function classQuality(
  className: string,
  label: number,
  confusionMatrix: readonly (readonly number[])[],
): ClassQuality {
  const row = confusionMatrix[label] as readonly number[];
  const hits = row[label] as number;
  const support = row.reduce((sum, count) => sum + count, 0);
  const predicted = confusionMatrix.reduce((sum, other) => sum + (other[label] as number), 0);
  const precision = predicted === 0 ? 0 : hits / predicted;
  const recall = support === 0 ? 0 : hits / support;
  const f1 = hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { className, precision, recall, f1, support };
}
