import type { AdapterComparison, ComparedTime, Contender } from '@dlcmp/bench-core/results';

/** What is asked of a run, and what a comparison of two says to it. */
export interface Question {
  readonly superlative: string;
  verdict(comparison: AdapterComparison): {
    readonly winner: 'left' | 'right' | null;
    /** Grows with the distance between the two. */
    readonly margin: number;
    readonly sentence: string;
  };
}

export const MOST_ACCURATE: Question = {
  superlative: 'most accurate',
  verdict: ({ accuracy }) => ({ ...accuracy, margin: Math.abs(accuracy.difference) }),
};

export const QUICKEST: readonly Question[] = [
  { superlative: 'quickest to train', verdict: ({ times }) => timeOf(times, 'trainSeconds') },
  { superlative: 'quickest to answer', verdict: ({ times }) => timeOf(times, 'inferenceSeconds') },
];

function timeOf(times: AdapterComparison['times'], metric: ComparedTime) {
  const comparison = times.find((time) => time.metric === metric)!;
  return { ...comparison, margin: Math.abs(Math.log(comparison.ratio)) };
}

/** A question and who, of those that were asked, is ahead of all others. */
export interface Outcome extends Question {
  readonly winner: Contender | undefined;
  /** The winner's comparison with the one it beats by least, in a sentence. */
  readonly margin: string | undefined;
}

/** What comes of `questions` among `contenders`. */
export function outcomesOf(
  questions: readonly Question[],
  contenders: readonly Contender[],
  comparisons: readonly AdapterComparison[],
): Outcome[] {
  const keys = new Set(contenders.map(({ key }) => key));
  const between = comparisons.filter(
    ({ left, right }) => keys.has(left.key) && keys.has(right.key),
  );
  return questions.map((question) => {
    const winner = contenders.find(
      ({ key }) => winsOver(key, between, question) === contenders.length - 1,
    );
    return { ...question, winner, margin: winner && closest(winner.key, between, question) };
  });
}

function winsOver(
  key: string,
  comparisons: readonly AdapterComparison[],
  { verdict }: Question,
): number {
  return comparisons.filter((comparison) => {
    const { winner } = verdict(comparison);
    return winner !== null && comparison[winner].key === key;
  }).length;
}

function closest(
  key: string,
  comparisons: readonly AdapterComparison[],
  { verdict }: Question,
): string | undefined {
  const own = comparisons
    .filter(({ left, right }) => left.key === key || right.key === key)
    .map(verdict)
    .sort((a, b) => a.margin - b.margin);
  return own[0]?.sentence;
}
