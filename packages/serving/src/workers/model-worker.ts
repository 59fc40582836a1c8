import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DlcmpError, threadEnvironment } from '@dlcmp/contract';
import { WORKER_PROGRAM } from '../built-files';
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

/**
 * A process with the model open. It is a process and no thread: where native code crashes or the system kills it for its memory,
 * the server goes on.
 */
export class ModelWorker {
  /** Why the process has ended; kept when it has, by itself or because it was told to. */
  readonly ended: Promise<DlcmpError>;
  readonly #child: ChildProcess;
  #model: OpenedModel | undefined;
  #pending: ((answer: WorkerAnswer) => void) | undefined;

  private constructor(threads: number) {
    this.#child = fork(fileURLToPath(WORKER_PROGRAM), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...threadEnvironment(threads), VIPS_CONCURRENCY: String(threads) },
      execArgv: [],
    });
    this.#child.on('message', (answer: WorkerAnswer) => this.#pending?.(answer));
    this.ended = endOf(this.#child);
  }

  /** @throws what opening the model throws; `WORKER_FAILED` where the process ends instead */
  static async start(open: OpenMessage): Promise<ModelWorker> {
    const worker = new ModelWorker(open.threads);
    try {
      const answer = await worker.#ask(open);
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
   * @throws what the model throws; `WORKER_FAILED` where the process ends instead
   */
  async answer(images: readonly RequestImage[]): Promise<readonly ImageAnswer[]> {
    const answer = await this.#ask({ kind: 'batch', images });
    if (answer.kind !== 'answers') throw new Error('A worker answered what was not asked.');
    return answer.answers;
  }

  /** Ends the process, whatever it is at. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  async #ask(message: WorkerMessage): Promise<WorkerAnswer> {
    const answered = new Promise<WorkerAnswer>((resolve) => {
      this.#pending = resolve;
    });
    // What cannot be sent has ended, and that is told.
    this.#child.send(message, () => {});
    const answer = await Promise.race([answered, this.ended]);
    this.#pending = undefined;
    if (answer instanceof DlcmpError) throw answer;
    if (answer.kind === 'failure') throw errorOf(answer.failure);
    return answer;
  }
}

export function errorOf({ code, message }: Failure): DlcmpError {
  return new DlcmpError(code, message);
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
