import type { Contender } from '@dlcmp/bench-core/results';

/** [true class][predicted class] counts of test images, all seeds of `contender` added up. */
export function confusionCounts(
  { completed }: Contender,
  classNames: readonly unknown[],
): number[][] {
  return classNames.map((_, row) =>
    classNames.map((_, column) =>
      completed.reduce((sum, trial) => sum + (trial.confusionMatrix[row]?.[column] ?? 0), 0),
    ),
  );
}

/** A matrix of more classes says nothing to a reader. */
export const MOST_CONFUSED_CLASSES = 30;
