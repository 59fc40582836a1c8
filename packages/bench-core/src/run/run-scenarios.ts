import type { TrialError, TrialResult } from '../results/bench-results';
import { owedScenarios, type Scenario, type ScenarioOutcome } from '../results/scenarios';
import { SERVER_ROWS, SERVER_WAYS } from '../results/server-result';
import { PEER_FACTORY } from './adapter-reference';
import type { BenchPlan } from './bench-plan';
import { runDeployment } from './deployment';
import { planAt } from './matrix';
import type { ColdStartJob, ServerJob, SoakJob, TrialEvent } from './process-messages';
import type { RunInProcess, RunInProcessOptions } from './run-in-process';
import type { TrialTurn } from './schedule';
import { createTrialJob } from './trial-settings';

interface ScenarioOptions {
  readonly signal: AbortSignal | undefined;
  readonly onStart: (scenario: Scenario) => void;
  readonly onEvent: (event: TrialEvent) => void;
}

/** `result` with what the scenarios that it still owes measured of its saved model, each in processes of their own. */
export async function withScenarios(
  result: TrialResult,
  plan: BenchPlan,
  turn: TrialTurn,
  run: RunInProcess,
  { signal, onStart, onEvent }: ScenarioOptions,
): Promise<TrialResult> {
  if (result.status !== 'completed') return result;
  const { threads } = plan.configuration;
  const options = { threads, signal, onEvent, timeoutSeconds: plan.trialTimeoutSeconds };
  let measured = result;
  for (const scenario of owedScenarios(plan.configuration, result)) {
    if (signal?.aborted) break;
    onStart(scenario);
    const outcome = await MEASURES[scenario](plan, turn, run, options);
    measured = { ...measured, [scenario]: outcome };
  }
  return measured;
}

type Measure<T> = (
  plan: BenchPlan,
  turn: TrialTurn,
  run: RunInProcess,
  options: RunInProcessOptions,
) => Promise<ScenarioOutcome<T>>;

const MEASURES: { readonly [S in Scenario]: Measure<object> } = {
  soak: async (plan, turn, run, options) =>
    outcomeOf((await run(soakJob(plan, turn), options)).answer),
  async server(plan, turn, run, options) {
    const job = serverJob(plan, turn);
    return outcomeOf(job ? (await run(job, options)).answer : NOT_SERVED);
  },
  async deployment(plan, turn, run, options) {
    const { install } = turn.selected;
    const outcome = await runDeployment(coldStartJob(plan, turn), run, options);
    return outcome.status === 'completed' && install ? { ...outcome, install } : outcome;
  },
};

/** A peer's own process answers: nothing of it would run in a worker. */
const NOT_SERVED = {
  error: {
    code: 'BACKEND_UNAVAILABLE',
    message:
      'A peer computes in a program of its own, and dlcmp serves what computes in Node.js. Put it behind a server of its language to compare.',
    ...{ exitCode: null, signal: null, stderrTail: '' },
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

function soakJob(plan: BenchPlan, turn: TrialTurn): SoakJob {
  const { adapter, test, size, opening } = savedModel(plan, turn);
  const { soakRequests: requests = DEFAULT_SOAK_REQUESTS } = plan.configuration;
  return { kind: 'soak', adapter, test, plan: { ...opening, size, requests } };
}

function coldStartJob(plan: BenchPlan, turn: TrialTurn): ColdStartJob {
  const { adapter, test, size, opening } = savedModel(plan, turn);
  return { kind: 'cold-start', adapter, test, size, plan: { ...opening, requests: 1 } };
}

/** What a process needs to open the model that a trial saved, and to ask it. */
function savedModel(plan: BenchPlan, { selected, seed, repeat, settings }: TrialTurn) {
  const trial = createTrialJob(planAt(plan, settings), selected, seed, repeat);
  const { backend, threads, modelDirectory, spec } = trial.plan;
  const { inputHeight, inputWidth } = spec;
  return {
    ...{ adapter: trial.adapter, test: trial.test },
    size: { inputHeight, inputWidth },
    opening: { backend, threads, modelDirectory },
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
