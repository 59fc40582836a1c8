import type { BenchResults, Contender } from '@dlcmp/bench-core/results';

/** A test image that only one contender got right. */
export interface GalleryImage {
  readonly relativePath: string;
  /** Index of the true class. */
  readonly label: number;
  /** `key` of the contender that was right. */
  readonly rightContender: string;
  /** What the others said, by their `key`: index of a class. */
  readonly wrongAnswers: ReadonlyMap<string, number>;
}

/**
 * Test images that exactly one contender classified as they are, by the first seed that all
 * completed, at most `perContender` of each. Empty below two contenders.
 */
export function selectGalleryImages(
  { dataset }: BenchResults,
  contenders: readonly Contender[],
  perContender = 6,
): GalleryImage[] {
  const answers = answersOfOneSeed(contenders);
  if (answers.length < 2) return [];
  const found = dataset.testImages.flatMap(({ relativePath, label }, image) => {
    const right = answers.filter(({ labels }) => labels[image] === label);
    if (right.length !== 1) return [];
    const wrong = answers.filter((answer) => answer !== right[0]);
    const wrongAnswers = new Map(wrong.map(({ key, labels }) => [key, labels[image]!]));
    return [{ relativePath, label, rightContender: right[0]!.key, wrongAnswers }];
  });
  return answers.flatMap(({ key }) =>
    found.filter(({ rightContender }) => rightContender === key).slice(0, perContender),
  );
}

function answersOfOneSeed(contenders: readonly Contender[]) {
  const able = contenders.filter(({ completed }) => completed.length > 0);
  const seed = able[0]?.completed
    .map((trial) => trial.seed)
    .find((one) => able.every(({ completed }) => completed.some((trial) => trial.seed === one)));
  return able.flatMap(({ key, completed }) => {
    const trial = completed.find((one) => one.seed === seed);
    return trial ? [{ key, labels: trial.predictedLabels }] : [];
  });
}
