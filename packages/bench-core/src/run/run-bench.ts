import { probeNoise } from '../measure/noise-probe';
import { probesOf } from '../metrics/disturbed-runs';
import { judgeTrials } from '../metrics/judge-trials';
import { timeToAccuracy } from '../metrics/time-to-accuracy';
import type {
  BenchResults,
  MachineSummary,
  ParityGate,
  TrialIdentity,
  TrialMeasurements,
  TrialResult,
} from '../results/bench-results';
import type { Check } from '../results/checks';
import { distinctMachines } from '../results/machines';
import { writeResults } from '../results/results-file';
import { describeInvalidTrial } from '../results/results-schema';
import { isInterrupted, type Scenario } from '../results/scenarios';
import type { BenchPlan } from './bench-plan';
import type { GateCache } from './gate-cache';
import { withGateCheck } from './gate-check';
import { planAt } from './matrix';
import { OutsideClock } from './outside-clock';
import { runParityGate } from './parity-gate';
import type { TrialEvent } from './process-messages';
import { keptTrials } from './resume';
import { type ProcessOutcome, type RunInProcess, runInProcess } from './run-in-process';
import { withScenarios } from './run-scenarios';
import { runUndisturbed } from './run-undisturbed';
import { inOrder, isSameTrial, schedule, type TrialTurn } from './schedule';
import { createTrialJob } from './trial-settings';

/** What happens during a run, for whoever draws progress. */
export type BenchEvent =
  | {
      readonly type: 'run-started';
      /** Name of the machine, where it has one. */
      readonly machine: string | undefined;
      /** Trials that are still to be run, and all. */
      readonly due: number;
      readonly total: number;
    }
  | { readonly type: 'gate-started' }
  | { readonly type: 'gate-finished'; readonly gate: ParityGate }
  | { readonly type: 'trial-started'; readonly trial: TrialTurn }
  | { readonly type: 'trial-event'; readonly trial: TrialTurn; readonly event: TrialEvent }
  /** The machine was taken away meanwhile: the trial is run once more. */
  | { readonly type: 'trial-repeated'; readonly trial: TrialTurn; readonly disturbed: TrialResult }
  | {
      readonly type: 'scenario-started';
      readonly trial: TrialTurn;
      readonly scenario: Scenario;
    }
  | { readonly type: 'trial-finished'; readonly trial: TrialTurn; readonly result: TrialResult };

export interface RunBenchOptions {
  readonly machine: MachineSummary;
  /** Results of an interrupted run of the same plan, to go on from. */
  readonly earlier?: BenchResults | undefined;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: BenchEvent) => void;
  /** Where verdicts of the parity gate are kept ({@link gateCacheIn}). Default: nowhere, it runs. */
  readonly gateCache?: GateCache | undefined;
  /** How a job is run. Default {@link runInProcess}. */
  readonly run?: RunInProcess;
}

/**
 * Runs the parity gate, then every trial of `plan`, seed by seed, and writes `results.json` after
 * each. A failing trial doesn't stop the others, nor one whose figures are none; an abort ends the run after recording the trial it
 * hit.
 */
export async function runBench(plan: BenchPlan, options: RunBenchOptions): Promise<BenchResults> {
  const { signal, onEvent = () => {}, run = runInProcess, earlier } = options;
  // The first probe of a process is slower: it is compiled while it runs.
  probeNoise();
  const quiet = probeNoise();
  const turns = schedule(plan);
  const { machine } = options;
  const { kept, due } = keptTrials(plan, earlier?.trials ?? [], machine.name);
  onEvent({
    type: 'run-started',
    machine: machine.name,
    due: due.length,
    total: turns.length,
  });
  onEvent({ type: 'gate-started' });
  const parityGate = await runParityGate(plan, { signal, cache: options.gateCache }, run);
  onEvent({ type: 'gate-finished', gate: parityGate });
  const machines = [...(earlier?.machines ?? (earlier ? [earlier.machine] : [])), machine];
  let results: BenchResults = {
    schemaVersion: 1,
    startedAt: earlier?.startedAt ?? new Date().toISOString(),
    configuration: plan.configuration,
    dataset: plan.dataset,
    machine: earlier?.machine ?? machine,
    ...(machine.name !== undefined && {
      machines: distinctMachines(machines.filter(({ name }) => name !== undefined)),
    }),
    ...(plan.shard && { shard: plan.shard }),
    ...(plan.command && { command: plan.command }),
    parityGate,
    trials: kept,
  };
  await writeResults(plan.outputDirectory, results);
  for (const trial of due) {
    if (signal?.aborted) break;
    onEvent({ type: 'trial-started', trial });
    const onTrialEvent = (event: TrialEvent) => onEvent({ type: 'trial-event', trial, event });
    const timed =
      kept.find((done) => isSameTrial(done, trial)) ??
      (await runUndisturbed(
        () => runTrial(plan, trial, machine.name, run, signal, onTrialEvent),
        [quiet, ...probesOf(results.trials.filter((done) => done.machine === machine.name))],
        (disturbed) => onEvent({ type: 'trial-repeated', trial, disturbed }),
      ));
    const measured = await withScenarios(timed, plan, trial, run, {
      signal,
      onStart: (scenario) => onEvent({ type: 'scenario-started', trial, scenario }),
      onEvent: onTrialEvent,
    });
    const result = withGateCheck(measured, trial.selected.contender, parityGate);
    const others = results.trials.filter((done) => !isSameTrial(done, trial));
    results = judgeTrials({ ...results, trials: inOrder(turns, [...others, result]) });
    await writeResults(plan.outputDirectory, results);
    const judged = results.trials.find((one) => isSameTrial(one, trial)) ?? result;
    onEvent({ type: 'trial-finished', trial, result: judged });
  }
  return results;
}

async function runTrial(
  plan: BenchPlan,
  { selected, seed, repeat, settings }: TrialTurn,
  machine: string | undefined,
  run: RunInProcess,
  signal: AbortSignal | undefined,
  onEvent: (event: TrialEvent) => void,
): Promise<TrialResult> {
  const job = createTrialJob(planAt(plan, settings), selected, seed, repeat);
  const { threads } = plan.configuration;
  const beforeSeconds = probeNoise();
  const startedAt = new Date().toISOString();
  const outsideClock = new OutsideClock();
  const outcome = await run(job, {
    threads,
    signal,
    timeoutSeconds: plan.trialTimeoutSeconds,
    onEvent: (event) => {
      outsideClock.hear(event);
      onEvent(event);
    },
  });
  const clockChecks = 'result' in outcome.answer ? outsideClock.checks(outcome.answer.result) : [];
  const noiseProbe = { beforeSeconds, afterSeconds: probeNoise() };
  const conditions = outcome.conditions && { ...outcome.conditions, noiseProbe };
  const { adapter, backend, contender, title } = selected;
  const identity = {
    adapter: adapter.id,
    displayName: title,
    ...{ backend, contender },
    seed,
    ...(repeat !== undefined && { repeat }),
    settings,
    ...(machine !== undefined && { machine }),
    startedAt,
  };
  const result = trialResult(
    { ...identity, conditions },
    outcome,
    plan.configuration.targetAccuracy,
  );
  return recordable(withChecks(result, clockChecks));
}

/** `result` with what was checked from outside of its process. */
function withChecks(result: TrialResult, more: readonly Check[]): TrialResult {
  if (result.status !== 'completed' || !result.checks) return result;
  const checks = [...result.checks, ...more];
  return { ...result, checks, comparable: checks.every(({ passed }) => passed) };
}

/** A trial whose figures are none, say a time of NaN, has failed; the others go on. */
function recordable(result: TrialResult): TrialResult {
  const fault = describeInvalidTrial(result);
  if (fault === undefined || result.status !== 'completed') return result;
  const { adapter, displayName, backend, contender, seed, repeat, settings } = result;
  const { machine, startedAt, totalSeconds } = result;
  return {
    ...{ adapter, displayName, backend, contender, seed, repeat, settings },
    ...{ machine, startedAt, totalSeconds },
    status: 'failed',
    error: {
      code: 'INVALID_RESULT',
      message: `The trial ended, but its figures can't be recorded: ${fault}. This is a fault of the adapter ${adapter}: report it with this message.`,
      exitCode: null,
      signal: null,
      stderrTail: '',
    },
  };
}

function trialResult(
  identity: Omit<TrialIdentity, 'totalSeconds'>,
  { answer, totalSeconds }: ProcessOutcome<TrialMeasurements>,
  targetAccuracy: number | undefined,
): TrialResult {
  if ('error' in answer) {
    const status = isInterrupted(answer.error) ? 'aborted' : 'failed';
    return { ...identity, status, totalSeconds, error: answer.error };
  }
  const { result } = answer;
  return {
    ...result,
    ...identity,
    status: 'completed',
    totalSeconds: totalSeconds - (result.phases.scenarioSeconds ?? 0),
    ...(targetAccuracy !== undefined && { timeToAccuracy: timeToAccuracy(result, targetAccuracy) }),
  };
}
