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
      for (const trial of results.trials) await logTrial(call, experimentId, trial, results);
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
      const message = `--mlflow ${url} does not answer (${whyNot(cause)}). Is it running, and is the address right?`;
      throw new DlcmpError('INVALID_ARGUMENT', message, { cause });
    });
    const text = await answer.text();
    const parsed = answer.ok ? parseAnswer(text) : undefined;
    if (parsed) return parsed;
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `--mlflow ${url} answered ${path} with ${answer.status}, which is not what MLflow says: ${text.slice(0, 200).trim()}. Give the address of an MLflow tracking server.`,
    );
  };
}

/** Undefined where it is no JSON object, a web page say. */
function parseAnswer(text: string): MlflowAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

function whyNot(error: unknown): string {
  const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  if (name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  return cause?.code ?? cause?.message ?? String(error);
}

async function findExperiment(call: Call): Promise<string> {
  const filter = `name = '${EXPERIMENT}'`;
  const found = await call('experiments/search', { filter, max_results: 1 });
  const [experiment] = found.experiments ?? [];
  if (experiment) return experiment.experiment_id;
  const created = await call('experiments/create', { name: EXPERIMENT });
  return created.experiment_id as string;
}

async function logTrial(
  call: Call,
  experimentId: string,
  trial: TrialResult,
  results: BenchResults,
): Promise<void> {
  const { status } = trial;
  const startTime = Date.parse(trial.startedAt ?? results.startedAt);
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

/** Each scalar at the time of its epoch's end; those of the whole trial at its own. */
function metrics(trial: CompletedTrial, startTime: number) {
  const { importSeconds, createSeconds, dataSeconds } = trial.phases;
  let seconds = importSeconds + createSeconds + dataSeconds;
  const epochs = trial.epochs.map((epoch) => {
    seconds += epoch.trainSeconds + epoch.evaluationSeconds;
    return { step: epoch.epoch, scalars: epochScalars(epoch), seconds };
  });
  const whole = {
    step: trial.epochs.length,
    scalars: trialScalars(trial),
    seconds: trial.totalSeconds,
  };
  return [...epochs, whole].flatMap(({ step, scalars, seconds: after }) => {
    const timestamp = startTime + Math.round(after * 1000);
    return Object.entries(scalars).map(([key, value]) => ({ key, value, step, timestamp }));
  });
}
