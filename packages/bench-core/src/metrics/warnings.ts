import { counted } from '@dlcmp/contract';
import { median } from 'simple-statistics';
import type { BenchResults, CompletedTrial } from '../results/bench-results';
import { byMachine, machineShares } from '../results/machines';
import { isInterrupted, owedScenarios } from '../results/scenarios';
import { isBlanketFailure } from './blanket-failure';
import { contenderTitle } from './contender-title';
import { type Contender, groupByContender } from './contenders';
import { disturbedTrials, probesOf } from './disturbed-runs';
import { describeFailedCheck, failedChecks } from './failed-checks';
import { describeGrowth, growingMemory } from './growing-memory';
import { meanInterval } from './mean-interval';
import { FEWEST_RUNS } from './verdict';

/** Each way in which a figure may mislead, and what to do about it. */
export const WARNING_ADVICE = {
  'parity-gate-failed': 'Treat the figures of the CNNs as those of different models.',
  'failed-checks':
    'docs/method.md says what each check proves. Until it passes, nothing is said of these contenders.',
  'trials-not-run': 'Repeat the bench with its options and --resume: it runs these alone.',
  'unequal-machines':
    'Read the table of each machine, or run what is missing: comparisons are of pairs that ran on one machine.',
  'synthetic-data': 'Bench real images, for example with "dlcmp data download" and --data intel.',
  'exploded-loss': 'Lower --learning-rate, to a tenth say.',
  'growing-memory':
    'docs/production.md says how to find who holds it, and how to live with it meanwhile.',
  'scenarios-not-run':
    'Repeat the bench with its options and --resume: it runs these alone, of the models that were saved.',
  'failed-scenario': 'Repeat it with more memory or time, or report it with its message.',
  'too-few-seeds': 'Run at least three seeds: add them with --seeds 3 --resume.',
  'wide-interval': 'Run more seeds, on a quieter machine.',
  'disturbed-trials': 'Close other programs and repeat the run: its times are not believed.',
  'busy-machine': 'Close other programs and repeat the run.',
  'threads-above-cores': 'Lower --threads to the cores allowed.',
  throttled: 'Lower --threads, or give the container a higher CPU quota.',
  swapping: 'Free memory, or lower --batch-size or --image-size.',
  'slow-first-run': 'Warm the machine up with a short run, or leave the first seed out.',
  'missing-trials': 'See the errors of these trials, then --resume runs them again.',
} as const;

export type WarningId = keyof typeof WARNING_ADVICE;

/** Something that a reader of the figures must know. */
export interface ResultWarning {
  readonly id: WarningId;
  /** What was seen, naming the contenders it befell. */
  readonly message: string;
  readonly advice: string;
}

/** A probe that took this many times the quickest one's time was disturbed. */
const BUSY_FACTOR = 1.25;
const SLOW_FIRST_FACTOR = 1.3;
const WIDE_FRACTION = 0.25;
const EXPLODED_FACTOR = 10;
const THROTTLED_FRACTION = 0.02;

type Check = (results: BenchResults, contenders: readonly Contender[]) => string | undefined;

const CHECKS: Readonly<Record<WarningId, Check>> = {
  'parity-gate-failed': ({ parityGate }) =>
    // Of a gate that names who failed, each contender's own warning tells.
    isBlanketFailure(parityGate) ? parityGate.reason : undefined,
  'failed-checks': (_, contenders) => notComparable(contenders),
  'trials-not-run': (_, contenders) => trialsNotRun(contenders),
  'unequal-machines': (results, contenders) => unequalMachines(results, contenders),
  'synthetic-data': ({ dataset }) =>
    dataset.synthetic
      ? 'The images are drawn, not photographed: accuracies say nothing about real ones.'
      : undefined,
  'exploded-loss': ({ dataset }, contenders) => explodedLoss(dataset.classNames.length, contenders),
  'growing-memory': (_, contenders) => growing(contenders),
  'scenarios-not-run': ({ configuration }, contenders) =>
    scenariosNotRun(configuration, contenders),
  'failed-scenario': (_, contenders) => failedScenarios(contenders),
  'too-few-seeds': ({ configuration: { seeds, repeats = 1 } }) =>
    seeds.length * repeats < FEWEST_RUNS
      ? `Only ${counted(seeds.length * repeats, 'run')} of each contender: no winner is named.`
      : undefined,
  'wide-interval': (_, contenders) =>
    about(contenders.filter(hasWideInterval), 'training times differ widely between seeds'),
  'disturbed-trials': (results, contenders) => {
    const disturbed = disturbedTrials(results);
    return about(
      withTrial(contenders, (trial) => disturbed.has(trial)),
      'the machine was taken away during a trial and when it was run again; comparisons of times leave it out',
    );
  },
  'busy-machine': (results) => busyMachine(results),
  'threads-above-cores': (results) => {
    const { threads } = results.configuration;
    const cores = Math.min(...machineShares(results).map(({ machine }) => machine.coresAllowed));
    return threads > cores ? `${threads} threads share ${counted(cores, 'core')}.` : undefined;
  },
  throttled: (_, contenders) =>
    about(withTrial(contenders, isThrottled), 'the CPU quota held the process back'),
  swapping: (_, contenders) =>
    about(withTrial(contenders, isSwapped), 'a part of the process was swapped out'),
  'slow-first-run': (_, contenders) =>
    about(contenders.filter(hasSlowStart), 'the first seed took much longer than the others'),
  'missing-trials': (_, contenders) =>
    about(
      contenders.filter(({ unfinished }) => unfinished.length > 0),
      'not every trial completed',
    ),
};

/** Everything about `results` that may mislead, the gravest first. */
export function collectWarnings(results: BenchResults): ResultWarning[] {
  const contenders = groupByContender(results);
  return (Object.keys(CHECKS) as WarningId[]).flatMap((id) => {
    const message = CHECKS[id](results, contenders);
    return message === undefined ? [] : [{ id, message, advice: WARNING_ADVICE[id] }];
  });
}

/** Whose checks failed, with figures and limits. */
function notComparable(contenders: readonly Contender[]): string | undefined {
  const sentences = contenders
    .filter(({ comparable }) => !comparable)
    .map((contender) => {
      const reasons = failedChecks(contender).map(describeFailedCheck);
      return `${contenderTitle(contender)} is not comparable: ${reasons.join('; ')}.`;
    });
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

/** Whose memory grew while it answered, with figures. */
function growing(contenders: readonly Contender[]): string | undefined {
  const sentences = contenders.flatMap((contender) => {
    const seen = contender.completed.flatMap(growingMemory).map(describeGrowth);
    return seen.length === 0 ? [] : [`${contenderTitle(contender)}: ${seen.join('; ')}.`];
  });
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

/** What an interruption left out of trials that had completed. */
function scenariosNotRun(
  configuration: BenchResults['configuration'],
  contenders: readonly Contender[],
): string | undefined {
  const owed = contenders.flatMap((contender) =>
    contender.completed.flatMap((trial) => {
      const scenarios = owedScenarios(configuration, trial);
      const trialTitle = `${contenderTitle(contender)}, seed ${trial.seed}`;
      return scenarios.length === 0 ? [] : [`${trialTitle}: ${scenarios.join(', ')}`];
    }),
  );
  if (owed.length === 0) return undefined;
  return `The run was interrupted before these scenarios came to their end: ${owed.join('; ')}.`;
}

function failedScenarios(contenders: readonly Contender[]): string | undefined {
  const sentences = contenders.flatMap((contender) =>
    contender.completed.flatMap(({ seed, soak, server, deployment }) =>
      Object.entries({ soak, server, deployment }).flatMap(([scenario, outcome]) =>
        outcome?.status === 'failed' && !isInterrupted(outcome.error)
          ? [
              `${contenderTitle(contender)}, seed ${seed}: the scenario ${scenario} failed: ${outcome.error.message}`,
            ]
          : [],
      ),
    ),
  );
  return sentences.length > 0 ? sentences.join(' ') : undefined;
}

function about(contenders: readonly Contender[], what: string): string | undefined {
  if (contenders.length === 0) return undefined;
  const names = contenders.map(contenderTitle);
  return `${names.join('; ')}: ${what}.`;
}

/**
 * A CNN that has learnt nothing answers with equal probabilities, a loss of ln(classes). Training that goes far above it was
 * unstable, though every number stayed finite.
 */
function explodedLoss(classCount: number, contenders: readonly Contender[]): string | undefined {
  const guessing = Math.log(classCount);
  const exploded = contenders.filter(
    (contender) => highestLoss(contender) > EXPLODED_FACTOR * guessing,
  );
  const highest = Math.max(...exploded.map(highestLoss));
  return about(
    exploded,
    `training was unstable: the loss rose to ${highest.toPrecision(2)}, and guessing has ${guessing.toFixed(2)}`,
  );
}

/** In training and on the test images, where it stops at 34.5, the probability being clipped. */
function highestLoss({ completed }: Contender): number {
  const cnns = completed.filter(({ family }) => family === 'cnn');
  return Math.max(
    0,
    ...cnns.flatMap(({ epochs, logLoss }) => [...epochs.map((e) => e.trainLoss), logLoss]),
  );
}

/** Whose means are of other machines than the others' are. */
function unequalMachines(
  results: BenchResults,
  contenders: readonly Contender[],
): string | undefined {
  const shares = machineShares(results);
  const ran = contenders.filter(({ completed }) => completed.length > 0);
  if (shares.length < 2 || ran.length < 2) return undefined;
  const runsOn = ({ completed }: Contender, name: string | undefined) =>
    completed.filter(({ machine }) => machine === name).length;
  const uneven = shares.filter(
    ({ machine: { name } }) => new Set(ran.map((contender) => runsOn(contender, name))).size > 1,
  );
  if (uneven.length === 0) return undefined;
  const names = uneven.map(({ machine: { name } }) => name);
  return `Not all contenders completed equally many trials on ${names.join(', ')}: their means over all machines are not of the same machines.`;
}

/** Which trials of the configuration are not there. */
function trialsNotRun(contenders: readonly Contender[]): string | undefined {
  const broken = contenders.filter(({ missingSeeds }) => missingSeeds.length > 0);
  if (broken.length === 0) return undefined;
  const names = broken.map(
    ({ missingSeeds: seeds, ...contender }) =>
      `${contenderTitle(contender)}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}`,
  );
  const missing = broken.reduce((sum, { missingSeeds }) => sum + missingSeeds.length, 0);
  return `The run was broken off; ${counted(missing, 'trial')} did not run: ${names.join('; ')}.`;
}

function withTrial(
  contenders: readonly Contender[],
  holds: (trial: CompletedTrial) => boolean,
): Contender[] {
  return contenders.filter(({ completed }) => completed.some(holds));
}

/** On one machine: that several differ is no wonder. */
function hasWideInterval({ completed }: Contender): boolean {
  return byMachine(completed).some((trials) => {
    const { mean, halfWidth } = meanInterval(trials.map(({ trainSeconds }) => trainSeconds));
    return halfWidth !== null && halfWidth > WIDE_FRACTION * mean;
  });
}

function hasSlowStart({ completed }: Contender): boolean {
  return byMachine(completed).some((trials) => {
    const [first, ...later] = trials.map(({ trainSeconds }) => trainSeconds);
    return first !== undefined && later.length > 1 && first > SLOW_FIRST_FACTOR * median(later);
  });
}

function isThrottled({ conditions, cpuSeconds }: CompletedTrial): boolean {
  return (conditions?.throttledSeconds ?? 0) > THROTTLED_FRACTION * cpuSeconds;
}

function isSwapped({ conditions }: CompletedTrial): boolean {
  return (conditions?.swapBytes ?? 0) > 0;
}

function busyMachine({ trials }: BenchResults): string | undefined {
  const factors = byMachine(trials).flatMap((own) => {
    const probes = probesOf(own);
    return probes.length === 0 ? [] : [Math.max(...probes) / Math.min(...probes)];
  });
  const factor = Math.max(0, ...factors);
  if (factor < BUSY_FACTOR) return undefined;
  return `A fixed computation between trials took up to ${factor.toFixed(2)} times as long as at its quickest: something else was running.`;
}
