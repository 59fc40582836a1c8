import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DlcmpError, threadEnvironment } from '@dlcmp/contract';
import { WORKER_PROGRAM } from '../built-files';
import type { ServingSettings } from '../serving-options';
import type {
  Failure,
  ImageAnswer,
  OpenedModel,
  OpenMessage,
  RequestImage,
  WorkerAnswer,
  WorkerMessage,
} from './messages';

const STDERR_TAIL = 2000;

/** After how long without an answer a worker is taken for stuck. */
export type WorkerLimits = Pick<ServingSettings, 'openTimeoutMs' | 'answerTimeoutMs'>;

/**
 * A process with the model open. It is a process and no thread: where native code crashes or the system kills it for its memory,
 * the server goes on.
 */
export class ModelWorker {
  /** Why it answers no more; kept when its process has ended, by itself or because it was told to, or was found to be stuck. */
  readonly ended: Promise<DlcmpError>;
  readonly #child: ChildProcess;
  readonly #gone: Promise<DlcmpError>;
  readonly #limits: WorkerLimits;
  #model: OpenedModel | undefined;
  #pending: ((answer: WorkerAnswer | DlcmpError) => void) | undefined;
  #reason: DlcmpError | undefined;
  #giveUp: (reason: DlcmpError) => void = () => {};

  private constructor(threads: number, limits: WorkerLimits) {
    this.#limits = limits;
    this.#child = fork(fileURLToPath(WORKER_PROGRAM), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...threadEnvironment(threads), VIPS_CONCURRENCY: String(threads) },
      execArgv: [],
    });
    this.#child.on('message', (answer: WorkerAnswer) => this.#pending?.(answer));
    this.#gone = endOf(this.#child);
    const stuck = new Promise<DlcmpError>((resolve) => {
      this.#giveUp = resolve;
    });
    this.ended = Promise.race([this.#gone, stuck]);
    // Once, and no race in each call: what races against a promise that stays pending is kept as long as that is.
    void this.ended.then((reason) => {
      this.#reason = reason;
      this.#pending?.(reason);
    });
  }

  /** @throws what opening the model throws; `WORKER_FAILED` where the process ends instead, or takes longer than it may */
  static async start(open: OpenMessage, limits: WorkerLimits): Promise<ModelWorker> {
    const worker = new ModelWorker(open.threads, limits);
    try {
      const answer = await worker.#ask(open, 'openTimeoutMs');
      if (answer.kind !== 'opened') throw new Error('A worker answered before its model was open.');
      worker.#model = answer.model;
      return worker;
    } catch (error) {
      await worker.end();
      throw error;
    }
  }

  get model(): OpenedModel {
    return this.#model as OpenedModel;
  }

  get processId(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Answers some images; one call at a time.
   *
   * @throws what the model throws; `WORKER_FAILED` where the process ends instead, or takes longer than it may
   */
  async answer(images: readonly RequestImage[]): Promise<readonly ImageAnswer[]> {
    const answer = await this.#ask({ kind: 'batch', images }, 'answerTimeoutMs');
    if (answer.kind !== 'answers') throw new Error('A worker answered what was not asked.');
    return answer.answers;
  }

  /** Ends the process, whatever it is at. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  async #ask(message: WorkerMessage, limit: keyof WorkerLimits): Promise<WorkerAnswer> {
    if (this.#reason) throw this.#reason;
    const answered = new Promise<WorkerAnswer | DlcmpError>((resolve) => {
      this.#pending = resolve;
    });
    // What cannot be sent has ended, and that is told.
    this.#child.send(message, () => {});
    const timer = setTimeout(() => this.#endIfStuck(limit), this.#limits[limit]);
    const answer = await answered;
    clearTimeout(timer);
    this.#pending = undefined;
    if (answer instanceof DlcmpError) throw answer;
    if (answer.kind === 'failure') throw errorOf(answer.failure);
    return answer;
  }

  /** Once an answer that has come while this process was busy is read. */
  #endIfStuck(limit: keyof WorkerLimits): void {
    const asked = this.#pending;
    setImmediate(() => {
      if (this.#pending !== asked) return;
      // In a loop of JavaScript as in a native call it hears nothing milder.
      this.#child.kill('SIGKILL');
      this.#giveUp(stuckAfter(limit, this.#limits[limit]));
    });
  }
}

export function errorOf({ code, message }: Failure): DlcmpError {
  return new DlcmpError(code, message);
}

function stuckAfter(limit: keyof WorkerLimits, milliseconds: number): DlcmpError {
  return new DlcmpError(
    'WORKER_FAILED',
    `A worker had not answered after ${milliseconds} ms, and was ended as stuck. Its requests are lost: try them again, with a larger ${limit} where they do take longer.`,
  );
}

/** Kept when the process has ended and all that it said has arrived. */
async function endOf(child: ChildProcess): Promise<DlcmpError> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-STDERR_TAIL);
  });
  const silent = new Promise((resolve) => child.once('disconnect', resolve));
  const how = await new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(`cannot be started: ${message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
  if (child.connected) await silent;
  const last = said.trim().split('\n').at(-1);
  return new DlcmpError(
    'WORKER_FAILED',
    `A worker ${how}${last ? ` and said: ${last}` : ''}. Its requests are lost: try them again.`,
  );
}
