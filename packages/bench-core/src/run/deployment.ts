import { median } from 'simple-statistics';
import type { ColdStartSample } from '../measure/cold-start/measure-cold-start';
import { medianInterval } from '../metrics/median-interval';
import type { ColdStart, DeploymentMeasurement, MemoryAtWork } from '../results/deployment-result';
import type { ScenarioOutcome } from '../results/scenarios';
import type { ColdStartJob } from './process-messages';
import type { RunInProcess, RunInProcessOptions } from './run-in-process';

const PROCESSES = 20;
const REQUESTS = 1000;

/**
 * Starts a saved model in twenty new processes, one after the other, each to its first answer. One before them is asked a thousand
 * times, and leaves all files in the system's cache.
 */
export async function runDeployment(
  job: ColdStartJob,
  run: RunInProcess,
  options: RunInProcessOptions,
): Promise<ScenarioOutcome<DeploymentMeasurement>> {
  const start = async (requests: number) =>
    (await run({ ...job, plan: { ...job.plan, requests } }, options)).answer;
  const asked = await start(REQUESTS);
  if ('error' in asked) return { status: 'failed', error: asked.error };
  const samples: ColdStartSample[] = [];
  while (samples.length < PROCESSES) {
    const answer = await start(1);
    if ('error' in answer) return { status: 'failed', error: answer.error };
    samples.push(answer.result);
    const { length: completed } = samples;
    options.onEvent?.({ type: 'starts', completed, total: PROCESSES });
  }
  return {
    status: 'completed',
    coldStart: coldStartOf(samples),
    memory: memoryOf(samples, asked.result),
  };
}

function coldStartOf(samples: readonly ColdStartSample[]): ColdStart {
  const of = (seconds: (sample: ColdStartSample) => number) => medianInterval(samples.map(seconds));
  return {
    processes: samples.length,
    totalSeconds: of((each) => each.importSeconds + each.loadSeconds + each.firstAnswerSeconds),
    importSeconds: of(({ importSeconds }) => importSeconds),
    loadSeconds: of(({ loadSeconds }) => loadSeconds),
    firstAnswerSeconds: of(({ firstAnswerSeconds }) => firstAnswerSeconds),
  };
}

function memoryOf(samples: readonly ColdStartSample[], asked: ColdStartSample): MemoryAtWork {
  return {
    atRestBytes: median(samples.map(({ atRestBytes }) => atRestBytes)),
    afterFirstBytes: median(samples.map(({ afterFirstBytes }) => afterFirstBytes)),
    requests: REQUESTS,
    afterRequestsBytes: asked.afterRequestsBytes,
  };
}
