import type { TrialError, TrialResult } from '../results/bench-results';
import type { Scenario, ScenarioOutcome } from '../results/scenarios';
import { SERVER_ROWS, SERVER_WAYS } from '../results/server-result';
import { PEER_FACTORY } from './adapter-reference';
import type { BenchPlan } from './bench-plan';
import { planAt } from './matrix';
import type { ServerJob, SoakJob, TrialEvent } from './process-messages';
import type { RunInProcess } from './run-in-process';
import type { TrialTurn } from './schedule';
import { createTrialJob } from './trial-settings';

interface ScenarioOptions {
  readonly signal: AbortSignal | undefined;
  readonly onStart: (scenario: Scenario) => void;
  readonly onEvent: (event: TrialEvent) => void;
}

/** `result` with what the scenarios of `plan` measured of its saved model, each in processes of their own. */
export async function withScenarios(
  result: TrialResult,
  plan: BenchPlan,
  turn: TrialTurn,
  run: RunInProcess,
  { signal, onStart, onEvent }: ScenarioOptions,
): Promise<TrialResult> {
  const { scenarios = [], threads } = plan.configuration;
  if (result.status !== 'completed') return result;
  const options = { threads, signal, onEvent, timeoutSeconds: plan.trialTimeoutSeconds };
  let measured = result;
  if (scenarios.includes('soak') && !signal?.aborted) {
    onStart('soak');
    const { answer } = await run(soakJob(plan, turn), options);
    measured = { ...measured, soak: outcomeOf(answer) };
  }
  if (scenarios.includes('server') && !signal?.aborted) {
    onStart('server');
    const job = serverJob(plan, turn);
    const { answer } = job ? await run(job, options) : NOT_SERVED;
    measured = { ...measured, server: outcomeOf(answer) };
  }
  return measured;
}

/** A peer's own process answers: nothing of it would run in a worker. */
const NOT_SERVED = {
  answer: {
    error: {
      code: 'BACKEND_UNAVAILABLE',
      message:
        'A peer computes in a program of its own, and dlcmp serves what computes in Node.js. Put it behind a server of its language to compare.',
      ...{ exitCode: null, signal: null, stderrTail: '' },
    },
  },
};

const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64];
const SECONDS_PER_LOAD = 4;
const STEPS = 5;

function serverJob(plan: BenchPlan, turn: TrialTurn): ServerJob | undefined {
  const { selected, seed, repeat, settings } = turn;
  const { serving, configuration } = plan;
  if (!serving || selected.reference.factory === PEER_FACTORY) return undefined;
  const trial = createTrialJob(planAt(plan, settings), selected, seed, repeat);
  const { backend, threads, modelDirectory } = trial.plan;
  return {
    kind: 'server',
    plan: {
      ...serving,
      model: { path: modelDirectory, adapter: selected.reference.moduleUrl, engine: backend },
      ...{ threads, seed },
      boundMs: configuration.serverBoundMs ?? DEFAULT_SERVER_BOUND_MS,
      ...{ secondsPerLoad: SECONDS_PER_LOAD, steps: STEPS, concurrencies: CONCURRENCIES },
      ...{ rows: SERVER_ROWS, ways: SERVER_WAYS },
    },
  };
}

/** Of p99: what a person takes for at once, with a network between. */
export const DEFAULT_SERVER_BOUND_MS = 200;

function soakJob(plan: BenchPlan, { selected, seed, repeat, settings }: TrialTurn): SoakJob {
  const trial = createTrialJob(planAt(plan, settings), selected, seed, repeat);
  const { backend, threads, spec, modelDirectory } = trial.plan;
  const { inputHeight, inputWidth } = spec;
  const { soakRequests: requests = DEFAULT_SOAK_REQUESTS } = plan.configuration;
  return {
    kind: 'soak',
    adapter: trial.adapter,
    test: trial.test,
    plan: { backend, threads, modelDirectory, requests, size: { inputHeight, inputWidth } },
  };
}

/** Found within it is what grows by a kilobyte a request. */
export const DEFAULT_SOAK_REQUESTS = 10_000;

function outcomeOf<T>(
  answer: { readonly result: T } | { readonly error: TrialError },
): ScenarioOutcome<T> {
  return 'error' in answer
    ? { status: 'failed', error: answer.error }
    : { status: 'completed', ...answer.result };
}
