import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { threadEnvironment } from '@dlcmp/contract';
import { type Clock, monotonicClock } from '../measure/clock';
import { watchGpu } from '../measure/watch-gpu';
import { watchProcess } from '../measure/watch-process';
import type { TrialConditions, TrialError } from '../results/bench-results';
import { killAtExit } from './kill-at-exit';
import type { ChildMessage, Job, JobResult, ParentMessage, TrialEvent } from './process-messages';

export interface ProcessOutcome<R> {
  /** From spawning the process to its exit. */
  readonly totalSeconds: number;
  readonly answer: { readonly result: R } | { readonly error: TrialError };
  /** What was seen of the process from outside. */
  readonly conditions?: Omit<TrialConditions, 'noiseProbe'>;
}

export interface RunInProcessOptions {
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
  /** Kills the process after this long. Default: never. */
  readonly timeoutSeconds?: number | undefined;
  readonly onEvent?: (event: TrialEvent) => void;
  readonly clock?: Clock;
  /** Program of the child. Default: this package's for the kind of job. */
  readonly program?: string;
}

/** Runs one job in a process of its own; a crash is an answer like any other. Never rejects. */
export type RunInProcess = <J extends Job>(
  job: J,
  options: RunInProcessOptions,
) => Promise<ProcessOutcome<JobResult<J>>>;

/** How long an aborted child may take to stop by itself; all of it within two seconds of Ctrl-C. */
const ABORT_GRACE_MS = 1000;
const STDERR_TAIL_CHARACTERS = 4000;

export const runInProcess: RunInProcess = async (job, options) => {
  const { clock = monotonicClock, signal, timeoutSeconds } = options;
  const start = clock();
  const child = spawn(job, options);
  const stderr = keepTail(child);
  const watch = watchProcess(child.pid, watchGpu({ clock }));
  const onEvent = (event: TrialEvent) => {
    if (event.type === 'phase') watch.setTraining(event.phase === 'train');
    options.onEvent?.(event);
  };
  const leash = holdLeash(child, signal, timeoutSeconds);
  const { answer, exitCode, exitSignal } = await converse(child, job, onEvent);
  leash.release();
  const conditions = watch.finish();
  const totalSeconds = clock() - start;
  if (answer?.type === 'result') {
    return { totalSeconds, conditions, answer: { result: answer.result as JobResult<typeof job> } };
  }
  const ending = { exitCode, signal: exitSignal, stderrTail: stderr() };
  const reason = answer ?? describeEnd(exitCode, exitSignal, leash.cause());
  const { code, message } = reason;
  return { totalSeconds, conditions, answer: { error: { code, message, ...ending } } };
};

function spawn({ kind }: Job, { threads, program }: RunInProcessOptions): ChildProcess {
  const own = kind === 'cold-start' ? './cold-start-program.js' : './trial-process.js';
  return fork(program ?? fileURLToPath(new URL(own, import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...threadEnvironment(threads) },
    execArgv: kind === 'soak' ? ['--expose-gc'] : [],
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

type KillCause = 'aborted' | 'timeout' | undefined;

/**
 * Asks the child to stop when `signal` fires and kills it if it doesn't, when its time is over, or when
 * this process ends.
 */
function holdLeash(
  child: ChildProcess,
  signal: AbortSignal | undefined,
  timeoutSeconds: number | undefined,
): { cause(): KillCause; release(): void } {
  let cause: KillCause;
  const kill = () => child.kill('SIGKILL');
  const timers: NodeJS.Timeout[] = [];
  const abort = () => {
    cause ??= 'aborted';
    if (child.connected) child.send({ type: 'abort' } satisfies ParentMessage, () => {});
    timers.push(setTimeout(kill, ABORT_GRACE_MS));
  };
  const endOfTime = () => {
    cause ??= 'timeout';
    kill();
  };
  if (timeoutSeconds !== undefined) timers.push(setTimeout(endOfTime, timeoutSeconds * 1000));
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const keep = killAtExit(kill);
  return {
    cause: () => cause,
    release() {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      keep();
    },
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

/** The error of a process that ended without an answer. */
function describeEnd(exitCode: number | null, signal: string | null, cause: KillCause) {
  if (cause === 'timeout') {
    const message =
      'The trial took longer than --trial-timeout allows and was stopped. Raise it, or make the trial smaller with --limit or --epochs.';
    return { code: 'TIMEOUT', message };
  }
  const code = cause === 'aborted' ? 'ABORTED' : 'CRASHED';
  return { code, message: describeCrash(exitCode, signal, code) };
}

function describeCrash(exitCode: number | null, signal: string | null, code: string): string {
  if (code === 'ABORTED') return 'The run was interrupted while this trial was in flight.';
  const how = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
  const advice =
    signal === 'SIGKILL'
      ? ' The system may have run out of memory: try a smaller --batch-size or --image-size.'
      : ' What it wrote to standard error is kept in results.json.';
  return `The trial's process ${how} before it answered.${advice}`;
}
