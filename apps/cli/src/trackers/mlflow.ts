import type { BenchResults, CompletedTrial, TrialResult } from '@dlcmp/bench-core';
import { DlcmpError } from '@dlcmp/contract';
import { epochScalars, trialScalars } from './scalars';
import { trialName } from './trial-name';

/** An MLflow server that runs can be logged to. */
export interface MlflowTracker {
  /** Logs every trial of `results` as a run: parameters, scalars by epoch, and its outcome. */
  log(results: BenchResults): Promise<void>;
}

const EXPERIMENT = 'dlcmp';

/** A server that does not answer must not hold a run for ever. */
const TIMEOUT_MS = 30_000;

/**
 * Reaches the server at `url` through its REST API and finds or creates the experiment `dlcmp`.
 *
 * @throws `INVALID_ARGUMENT` where there is no such server
 */
export async function connectMlflow(url: string): Promise<MlflowTracker> {
  const call = caller(url);
  const experimentId = await findExperiment(call);
  return {
    async log(results) {
      const startTime = Date.parse(results.startedAt);
      for (const trial of results.trials) {
        await logTrial(call, experimentId, trial, results, startTime);
      }
    },
  };
}

type Call = (path: string, body: Readonly<Record<string, unknown>>) => Promise<MlflowAnswer>;

interface MlflowAnswer {
  readonly experiments?: readonly { readonly experiment_id: string; readonly name: string }[];
  readonly experiment_id?: string;
  readonly run?: { readonly info: { readonly run_id: string } };
}

function caller(url: string): Call {
  return async (path, body) => {
    const address = `${url.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`;
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((cause: unknown) => {
      throw new DlcmpError('INVALID_ARGUMENT', `--mlflow ${url} does not answer. Is it running?`, {
        cause,
      });
    });
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as MlflowAnswer;
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `--mlflow ${url} answered ${path} with ${answer.status}: ${text.slice(0, 200)}`,
    );
  };
}

async function findExperiment(call: Call): Promise<string> {
  const filter = `name = '${EXPERIMENT}'`;
  const found = await call('experiments/search', { filter, max_results: 1 });
  const [experiment] = found.experiments ?? [];
  if (experiment) return experiment.experiment_id;
  return (await call('experiments/create', { name: EXPERIMENT })).experiment_id as string;
}

async function logTrial(
  call: Call,
  experimentId: string,
  trial: TrialResult,
  results: BenchResults,
  startTime: number,
): Promise<void> {
  const { status } = trial;
  const created = await call('runs/create', {
    experiment_id: experimentId,
    run_name: trialName(trial),
    start_time: startTime,
    tags: [{ key: 'dlcmp.dataset', value: results.dataset.name }],
  });
  const runId = created.run?.info.run_id;
  await call('runs/log-batch', {
    run_id: runId,
    params: parameters(trial, results),
    metrics: trial.status === 'completed' ? metrics(trial, startTime) : [],
  });
  await call('runs/update', {
    run_id: runId,
    status: status === 'completed' ? 'FINISHED' : status === 'aborted' ? 'KILLED' : 'FAILED',
    end_time: startTime + Math.round(trial.totalSeconds * 1000),
  });
}

function parameters(
  { adapter, backend, seed, settings }: TrialResult,
  { configuration }: BenchResults,
) {
  const { track, epochs, batchSize, imageSize, learningRate, threads } = {
    ...configuration,
    ...settings,
  };
  const all = {
    adapter,
    backend,
    seed,
    track,
    epochs,
    batchSize,
    imageSize,
    learningRate,
    threads,
  };
  return Object.entries(all).map(([key, value]) => ({ key, value: String(value) }));
}

function metrics(trial: CompletedTrial, startTime: number) {
  const rows = [
    ...trial.epochs.map((epoch) => ({ step: epoch.epoch, scalars: epochScalars(epoch) })),
    { step: trial.epochs.length, scalars: trialScalars(trial) },
  ];
  return rows.flatMap(({ step, scalars }) =>
    Object.entries(scalars).map(([key, value]) => ({ key, value, step, timestamp: startTime })),
  );
}
