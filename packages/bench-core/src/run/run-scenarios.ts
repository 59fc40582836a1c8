import type { TrialError, TrialResult } from '../results/bench-results';
import type { Scenario, ScenarioOutcome } from '../results/scenarios';
import type { BenchPlan } from './bench-plan';
import { planAt } from './matrix';
import type { SoakJob, TrialEvent } from './process-messages';
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
  if (result.status !== 'completed' || !scenarios.includes('soak') || signal?.aborted)
    return result;
  onStart('soak');
  const { answer } = await run(soakJob(plan, turn), {
    ...{ threads, signal, onEvent },
    timeoutSeconds: plan.trialTimeoutSeconds,
  });
  return { ...result, soak: outcomeOf(answer) };
}

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
