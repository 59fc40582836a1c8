import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Clock, monotonicClock } from '../measure/clock';
import type { TrialError } from '../results/bench-results';
import type { ChildMessage, Job, JobResult, ParentMessage, TrialEvent } from './process-messages';
import { threadEnvironment } from './thread-environment';

export interface ProcessOutcome<R> {
  /** From spawning the process to its exit. */
  readonly totalSeconds: number;
  readonly answer: { readonly result: R } | { readonly error: TrialError };
}

export interface RunInProcessOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: (event: TrialEvent) => void;
  readonly clock?: Clock;
  /** Program of the child. Default: this package's `trial-process`. */
  readonly program?: string;
}

/** Runs one job in a process of its own; a crash is an answer like any other. Never rejects. */
export type RunInProcess = <J extends Job>(
  job: J,
  options: RunInProcessOptions,
) => Promise<ProcessOutcome<JobResult<J>>>;

/** How long an aborted child may take to stop by itself. */
const ABORT_GRACE_MS = 1500;
const STDERR_TAIL_CHARACTERS = 4000;

export const runInProcess: RunInProcess = async (job, options) => {
  const { clock = monotonicClock, signal } = options;
  const start = clock();
  const child = spawn(options);
  const stderr = keepTail(child);
  const stopListening = abortWith(child, signal);
  const { answer, exitCode, exitSignal } = await converse(child, job, options.onEvent);
  stopListening();
  const totalSeconds = clock() - start;
  if (answer?.type === 'result') {
    return { totalSeconds, answer: { result: answer.result as JobResult<typeof job> } };
  }
  const ending = { exitCode, signal: exitSignal, stderrTail: stderr() };
  const aborted = signal?.aborted === true;
  const code = answer?.code ?? (aborted ? 'ABORTED' : 'CRASHED');
  const message = answer?.message ?? describeCrash(exitCode, exitSignal);
  return { totalSeconds, answer: { error: { code, message, ...ending } } };
};

function spawn({ threads, program }: RunInProcessOptions): ChildProcess {
  return fork(program ?? fileURLToPath(new URL('./trial-process.js', import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...threadEnvironment(threads) },
    execArgv: [],
  });
}

type Answer = Extract<ChildMessage, { type: 'result' | 'error' }>;

function converse(
  child: ChildProcess,
  job: Job,
  onEvent: ((event: TrialEvent) => void) | undefined,
): Promise<{ answer: Answer | undefined; exitCode: number | null; exitSignal: string | null }> {
  return new Promise((resolve) => {
    let answer: Answer | undefined;
    child.on('message', (message: ChildMessage) => {
      if (message.type === 'result' || message.type === 'error') answer = message;
      else onEvent?.(message);
    });
    child.once('error', (error) => {
      answer ??= { type: 'error', code: 'CRASHED', message: error.message };
      if (child.pid === undefined) resolve({ answer, exitCode: null, exitSignal: null });
    });
    child.once('close', (exitCode, exitSignal) => resolve({ answer, exitCode, exitSignal }));
    child.send({ type: 'job', job } satisfies ParentMessage, () => {});
  });
}

/** Asks the child to stop when `signal` fires, and kills it if it doesn't. */
function abortWith(child: ChildProcess, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    if (child.connected) child.send({ type: 'abort' } satisfies ParentMessage, () => {});
    timer = setTimeout(() => child.kill('SIGKILL'), ABORT_GRACE_MS);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
}

/** Keeps the last characters of the child's standard error, however much it writes. */
function keepTail(child: ChildProcess): () => string {
  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_CHARACTERS);
  });
  return () => tail.trim();
}

function describeCrash(exitCode: number | null, signal: string | null): string {
  const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
  const advice =
    signal === 'SIGKILL'
      ? ' The system may have run out of memory: try a smaller --batch-size or --image-size.'
      : ' What it wrote to standard error is kept in results.json.';
  return `The trial's process ${how} before it answered.${advice}`;
}
