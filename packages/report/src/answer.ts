import {
  type AdapterComparison,
  type BenchResults,
  type ComparedTime,
  type Contender,
  contenderTitle,
  describeSettings,
} from '@dlcmp/bench-core/results';
import { counted } from '@dlcmp/contract';
import { incomparableWarning } from './run-facts';

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

/** Contenders that competed with one another; a matrix has a field for each of its settings. */
interface Field {
  /** Empty where there is but one field. */
  readonly settings: string;
  readonly contenders: readonly Contender[];
}

/** Who wins what beyond chance; names nobody where the intervals don't. */
export function answerOf(
  results: BenchResults,
  all: readonly Contender[],
  comparisons: readonly AdapterComparison[],
): Answer {
  const contenders = all.filter(({ completed }) => completed.length > 0);
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
  const fields = fieldsOf(contenders);
  if (fields.length > 1) return { ...answerOfFields(fields, comparisons), evidence };
  const wins = winsOf(contenders, comparisons);
  const margins = wins.flatMap((win) => closestMargin(win, comparisons));
  const others = amongCnns(contenders, comparisons).filter(
    (sentence) => !margins.includes(sentence),
  );
  return {
    headline: headline(wins, comparisons),
    margins: [...margins, ...others.map((sentence) => `Among the networks: ${sentence}`)],
    evidence,
  };
}

function fieldsOf(contenders: readonly Contender[]): Field[] {
  const forests = contenders.filter((contender) => !isCnn(contender));
  const cnns = contenders.filter(isCnn);
  const settingsOf = ({ settings }: Contender) => (settings ? describeSettings(settings) : '');
  const all = [...new Set(cnns.map(settingsOf))];
  if (all.length < 2) return [{ settings: '', contenders }];
  return all.map((settings) => ({
    settings,
    contenders: [...cnns.filter((cnn) => settingsOf(cnn) === settings), ...forests],
  }));
}

function isCnn({ completed }: Contender): boolean {
  return completed[0]?.family === 'cnn';
}

interface Win extends Question {
  readonly winner: Contender | undefined;
}

function winsOf(
  contenders: readonly Contender[],
  comparisons: readonly AdapterComparison[],
): Win[] {
  return QUESTIONS.map((question) => ({
    ...question,
    winner: contenders.find((contender) => winsAll(contender, contenders, comparisons, question)),
  }));
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

/** In a matrix: in how many of its settings each wins, and a line for each figure. */
function answerOfFields(fields: readonly Field[], comparisons: readonly AdapterComparison[]) {
  const margins = QUESTIONS.map((question, at) => {
    const winners = fields.map((field) => ({
      settings: field.settings,
      winner: winsOf(field.contenders, comparisons)[at]!.winner,
    }));
    return `${capital(question.superlative)}: ${tally(winners)}.`;
  });
  const headline = `${counted(fields.length, 'combination')} of settings were compared, over ${seedsOf(comparisons)}; a winner stands only where it is ahead of all others beyond chance.`;
  return { headline, margins };
}

function tally(
  winners: readonly { readonly settings: string; readonly winner: Contender | undefined }[],
): string {
  const names = winners.map(({ winner }) => (winner ? plainTitle(winner) : 'undecided'));
  return [...new Set(names)]
    .map((name) => {
      const where = winners.filter((_, i) => names[i] === name).map(({ settings }) => settings);
      return where.length === winners.length
        ? `${name} in all`
        : `${name} in ${where.length} (${where.join('; ')})`;
    })
    .join(', ');
}

/** Without the settings that tell a matrix's contenders apart. */
function plainTitle({ completed: [trial] }: Contender): string {
  return contenderTitle(trial!);
}

/** Where another family is ahead or behind of them all, how the networks stand to each other. */
function amongCnns(
  contenders: readonly Contender[],
  comparisons: readonly AdapterComparison[],
): string[] {
  const cnns = contenders.filter(isCnn);
  if (cnns.length < 2 || cnns.length === contenders.length) return [];
  const keys = new Set(cnns.map(({ key }) => key));
  const between = comparisons.filter(
    ({ left, right }) => keys.has(left.key) && keys.has(right.key),
  );
  const decided = winsOf(cnns, comparisons).filter(({ winner }) => winner);
  if (decided.length === 0) return [`${reason(between)}.`];
  return decided.flatMap((win) => closestMargin(win, between));
}

function winsAll(
  contender: Contender,
  contenders: readonly Contender[],
  comparisons: readonly AdapterComparison[],
  { verdict }: Question,
): boolean {
  const others = new Set(contenders.filter((one) => one !== contender).map(({ key }) => key));
  const beaten = comparisons.flatMap((comparison) => {
    const { winner } = verdict(comparison);
    if (winner === null || comparison[winner].key !== contender.key) return [];
    return [comparison[winner === 'left' ? 'right' : 'left'].key];
  });
  return beaten.filter((key) => others.has(key)).length === others.size;
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
  if (comparisons.length === 0) return 'no common seed';
  return counted(Math.min(...comparisons.map(({ seeds }) => seeds.length)), 'seed');
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
