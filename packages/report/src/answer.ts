import {
  type AdapterComparison,
  type BenchResults,
  type Contender,
  contenderTitle,
} from '@dlcmp/bench-core/results';
import { counted } from '@dlcmp/contract';
import { answerOfMatrix } from './answer-of-matrix';
import { type Division, divisionsOf, isNetwork } from './divisions';
import { gateWarning } from './run-facts';
import { computedBySentence } from './what-computes';
import { MOST_ACCURATE, type Outcome, outcomesOf, QUICKEST } from './winners';

/** What the figures say, in sentences that follow from the statistics alone. */
export interface Answer {
  /** A few sentences: who wins in each division, who of all. */
  readonly headline: string;
  /** Of each figure that has a winner: by how much it beats the closest, and how surely. */
  readonly margins: readonly string[];
  /** The one sentence to take home, with its interval; absent where nothing was compared. */
  readonly conclusion?: string | undefined;
  /** Every pair and figure compared, a sentence each. */
  readonly evidence: readonly string[];
}

/** Who wins what beyond chance and bias; names nobody where the rule doesn't. */
export function answerOf(
  results: BenchResults,
  all: readonly Contender[],
  comparisons: readonly AdapterComparison[],
): Answer {
  const ran = all.filter(({ completed }) => completed.length > 0);
  const contenders = ran.filter(({ comparable }) => comparable);
  const evidence = comparisons.flatMap(({ times, accuracy }) => [
    accuracy.sentence,
    ...times.map(({ sentence }) => sentence),
  ]);
  const refusal = gateWarning(results.parityGate) ?? refusalOf(ran, contenders);
  if (refusal) return { headline: refusal, margins: [], evidence };
  const [only] = contenders;
  if (contenders.length === 1) {
    const did = ran.length > 1 ? 'passed its checks' : 'ran';
    const headline = `Only ${contenderTitle(only!)} ${did}: nothing to compare.`;
    return { headline, margins: [], evidence };
  }
  const matrix = answerOfMatrix(contenders, comparisons, seedsOf(comparisons));
  return { ...(matrix ?? answerOfRun(contenders, comparisons)), evidence };
}

/** Where there is nothing to speak of. */
function refusalOf(
  ran: readonly Contender[],
  contenders: readonly Contender[],
): string | undefined {
  if (ran.length === 0) return 'No trial completed.';
  if (contenders.length > 0) return undefined;
  return 'No contender passed its checks: nothing can be compared.';
}

function answerOfRun(
  contenders: readonly Contender[],
  comparisons: readonly AdapterComparison[],
): Omit<Answer, 'evidence'> {
  const divisions = divisionsOf(contenders);
  const networks = contenders.filter(isNetwork);
  const forests = contenders.filter((contender) => !isNetwork(contender));
  const ask = (among: readonly Contender[]) => outcomesOf(QUICKEST, among, comparisons);
  const accuracy = outcomesOf([MOST_ACCURATE], contenders, comparisons);
  const ofAll = divisions.length > 1 ? ask(networks) : [];
  const groups = [...divisions, ...ranked(forests, networks)].map((group) => ({
    ...group,
    outcomes: group.contenders.length > 1 ? ask(group.contenders) : [],
  }));
  const outcomes = [...ofAll, ...groups.flatMap((group) => group.outcomes), ...accuracy];
  const margins = [...new Set(outcomes.flatMap(({ margin }) => margin ?? []))];
  const sentences = [
    ...groups.map((group) => divisionSentence(group, comparisons)),
    ...(ofAll.length > 0 ? [fastestOfAll(ofAll, comparisons)] : []),
    ...accuracy.map((outcome) => outcomeSentence('', [outcome], comparisons)),
    ...(networks.length > 0 && forests.length > 0
      ? [
          'Times of a forest and of networks are not ranked: they are different kinds of classifier.',
        ]
      : []),
    ...(margins.length > 0 ? [errorSentence(comparisons)] : []),
  ];
  const conclusion = margins[0] ?? closeCall(networks, comparisons);
  return { headline: sentences.join(' '), margins, conclusion };
}

/** Forests are ranked among themselves. */
function ranked(forests: readonly Contender[], networks: readonly Contender[]): Division[] {
  if (forests.length < 2) return [];
  return [{ prefix: networks.length > 0 ? 'Of the forests, ' : '', contenders: forests }];
}

function divisionSentence(
  { prefix, contenders, outcomes }: Division & { readonly outcomes: readonly Outcome[] },
  comparisons: readonly AdapterComparison[],
): string {
  if (contenders.length > 1) return outcomeSentence(prefix, outcomes, comparisons);
  return `${prefix}${prefix ? 'only' : 'Only'} ${contenderTitle(contenders[0]!)} took part${prefix ? '' : ' of the networks'}.`;
}

/** `As published, X is quickest to train; which is quickest to answer is undecided: …` */
function outcomeSentence(
  prefix: string,
  outcomes: readonly Outcome[],
  comparisons: readonly AdapterComparison[],
): string {
  const winners = [...new Set(outcomes.flatMap(({ winner }) => winner ?? []))];
  const decided = winners.map((winner) => {
    const won = outcomes.filter((outcome) => outcome.winner === winner);
    return `${contenderTitle(winner)} is ${list(won.map(({ superlative }) => superlative))}`;
  });
  const open = outcomes.filter(({ winner }) => !winner).map(({ superlative }) => superlative);
  const undecided = `which is ${list(open, 'or')} is undecided: ${reason(comparisons)}`;
  const clauses = [
    ...(decided.length > 0 ? [list(decided)] : []),
    ...(open.length > 0 ? [undecided] : []),
  ];
  const text = `${prefix}${clauses.join('; ')}.`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Across divisions, with what the winner is made of. */
function fastestOfAll(
  outcomes: readonly Outcome[],
  comparisons: readonly AdapterComparison[],
): string {
  const text = outcomeSentence('', outcomes, comparisons).replace(
    /quickest to (train|answer)/g,
    'quickest of all to $1',
  );
  const winners = [...new Set(outcomes.flatMap(({ winner }) => winner ?? []))];
  const made = winners.map((winner) => {
    const what = computedBySentence(winner);
    return what ? `${contenderTitle(winner)} computes ${what}.` : '';
  });
  return [text, ...made].filter(Boolean).join(' ');
}

/** Of the two quickest networks, where nobody wins anything: what is known of them. */
function closeCall(
  networks: readonly Contender[],
  comparisons: readonly AdapterComparison[],
): string | undefined {
  const quickest = [...networks].sort((a, b) => shortest(a) - shortest(b)).slice(0, 2);
  const keys = quickest.map(({ key }) => key);
  const between = comparisons.find(
    ({ left, right }) => keys.includes(left.key) && keys.includes(right.key),
  );
  return between && QUICKEST[0]!.verdict(between).sentence;
}

function shortest({ completed }: Contender): number {
  return Math.min(...completed.map(({ trainSeconds }) => trainSeconds));
}

function errorSentence(comparisons: readonly AdapterComparison[]): string {
  return `Such a rule names a wrong winner between equals in at most 5% of studies (${seedsOf(comparisons)}).`;
}

function seedsOf(comparisons: readonly AdapterComparison[]): string {
  if (comparisons.length === 0) return 'no common seed';
  const seeds = Math.min(...comparisons.map((comparison) => comparison.seeds.length));
  const runs = Math.min(...comparisons.map((comparison) => comparison.runs));
  return runs === seeds
    ? counted(seeds, 'seed')
    : `${counted(runs, 'run')} of ${counted(seeds, 'seed')}`;
}

function reason(comparisons: readonly AdapterComparison[]): string {
  return comparisons.every(({ runs }) => runs < 3)
    ? 'fewer than three runs say nothing about luck'
    : 'no one is ahead of all others beyond chance and bias';
}

function list(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
