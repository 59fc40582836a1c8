import { compareAdapters } from '../../metrics/compare-adapters';
import type { AdapterComparison, ComparedTime } from '../../metrics/comparison';
import { type Contender, groupByContender } from '../../metrics/contenders';
import type { BenchResults } from '../../results/bench-results';
import { contenderTitle } from '../charts/report-chart';
import { incomparableWarning } from '../run-facts';

interface Question {
  readonly superlative: string;
  verdict(comparison: AdapterComparison): {
    readonly winner: 'left' | 'right' | null;
    /** Grows with the distance between the two. */
    readonly margin: number;
    readonly sentence: string;
  };
}

const QUESTIONS: readonly Question[] = [
  {
    superlative: 'most accurate',
    verdict: ({ accuracy }) => ({ ...accuracy, margin: Math.abs(accuracy.difference) }),
  },
  { superlative: 'quickest to train', verdict: ({ times }) => timeOf(times, 'trainSeconds') },
  { superlative: 'quickest to answer', verdict: ({ times }) => timeOf(times, 'inferenceSeconds') },
];

/** What the figures say, in sentences that follow from the statistics alone. */
export interface Answer {
  /** A sentence or two. */
  readonly headline: string;
  /** Of each figure that has a winner: by how much it beats the closest, and how surely. */
  readonly margins: readonly string[];
  /** Every pair and figure compared, a sentence each. */
  readonly evidence: readonly string[];
}

/** Who wins what beyond chance; names nobody where the intervals don't. */
export function answerOf(results: BenchResults): Answer {
  const contenders = groupByContender(results).filter(({ completed }) => completed.length > 0);
  const comparisons = compareAdapters(results);
  const evidence = comparisons.flatMap(({ times, accuracy }) => [
    accuracy.sentence,
    ...times.map(({ sentence }) => sentence),
  ]);
  const refusal = incomparableWarning(results);
  if (refusal) return { headline: refusal, margins: [], evidence };
  if (contenders.length === 0) return { headline: 'No trial completed.', margins: [], evidence };
  if (contenders.length === 1) {
    const headline = `Only ${contenderTitle(contenders[0]!)} ran: nothing to compare.`;
    return { headline, margins: [], evidence };
  }
  const wins = QUESTIONS.map((question) => ({
    ...question,
    winner: contenders.find((contender) => winsAll(contender, contenders, comparisons, question)),
  }));
  return {
    headline: headline(wins, comparisons),
    margins: wins.flatMap((win) => closestMargin(win, comparisons)),
    evidence,
  };
}

interface Win extends Question {
  readonly winner: Contender | undefined;
}

function headline(winners: readonly Win[], comparisons: readonly AdapterComparison[]): string {
  const open = winners.filter(({ winner }) => !winner).map(({ superlative }) => superlative);
  const distinct = [...new Set(winners.flatMap(({ winner }) => (winner ? [winner] : [])))];
  const decided = distinct.map((winner) => {
    const won = winners.filter((one) => one.winner === winner);
    return `${contenderTitle(winner)} is ${list(won.map(({ superlative }) => superlative))}`;
  });
  return [
    ...(decided.length > 0
      ? [`${list(decided)} (95% confidence over ${seedsOf(comparisons)}).`]
      : []),
    ...(open.length > 0
      ? [`Which is ${list(open, 'or')} is undecided: ${reason(comparisons)}.`]
      : []),
  ].join(' ');
}

function winsAll(
  contender: Contender,
  contenders: readonly Contender[],
  comparisons: readonly AdapterComparison[],
  { verdict }: Question,
): boolean {
  const won = comparisons.filter((comparison) => {
    const { winner } = verdict(comparison);
    return winner !== null && comparison[winner].key === contender.key;
  });
  return won.length === contenders.length - 1;
}

/** The winner's comparison with the one it beats by least. */
function closestMargin(
  { winner, verdict }: Win,
  comparisons: readonly AdapterComparison[],
): string[] {
  if (!winner) return [];
  const own = comparisons
    .filter(({ left, right }) => left.key === winner.key || right.key === winner.key)
    .map(verdict)
    .sort((a, b) => a.margin - b.margin);
  return own.slice(0, 1).map(({ sentence }) => sentence);
}

function timeOf(times: AdapterComparison['times'], metric: ComparedTime) {
  const comparison = times.find((time) => time.metric === metric)!;
  return { ...comparison, margin: Math.abs(Math.log(comparison.ratio)) };
}

function seedsOf(comparisons: readonly AdapterComparison[]): string {
  return `${Math.min(...comparisons.map(({ seeds }) => seeds.length))} seeds`;
}

function reason(comparisons: readonly AdapterComparison[]): string {
  const tooFew = comparisons.every(({ seeds }) => seeds.length < 2);
  return tooFew
    ? 'one seed says nothing about luck; three or more would'
    : 'no one is ahead of all others beyond chance';
}

function list(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
