import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { killAtExit } from '@dlcmp/bench-core';
import { DlcmpError, threadEnvironment } from '@dlcmp/contract';
import type {
  OpenedModel,
  OpenRequest,
  ProcessAnswer,
  ProcessRequest,
  ProcessResults,
} from './messages';

const STDERR_TAIL = 2000;

/** A model that is open in a process of its own. */
export class ModelProcess {
  readonly opened: OpenedModel;
  readonly #child: ChildProcess;
  readonly #errors: () => string;

  private constructor(child: ChildProcess, opened: OpenedModel, errors: () => string) {
    this.#child = child;
    this.opened = opened;
    this.#errors = errors;
  }

  /** @throws what the runtime throws; `PEER_FAILED` where the process ends instead */
  static async open(request: Omit<OpenRequest, 'kind'>): Promise<ModelProcess> {
    const child = fork(programPath(), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, ...threadEnvironment(request.threads) },
      execArgv: [],
    });
    const release = killAtExit(() => child.kill('SIGKILL'));
    child.once('exit', release);
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk).slice(-STDERR_TAIL);
    });
    try {
      const opened = await ask(child, { ...request, kind: 'open' }, () => errors);
      return new ModelProcess(child, opened, () => errors);
    } catch (error) {
      await end(child);
      throw error;
    }
  }

  /** Sends a request and waits for its answer; one at a time. */
  ask<Kind extends Exclude<ProcessRequest['kind'], 'open'>>(
    request: Extract<ProcessRequest, { readonly kind: Kind }>,
  ): Promise<ProcessResults[Kind]> {
    return ask(this.#child, request, this.#errors);
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}

/** From the sources, as tests run it, the built program is started. */
function programPath(): string {
  const beside = fileURLToPath(new URL('./model-process.js', import.meta.url));
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../dist/model-process.js', import.meta.url));
}

function ask<Kind extends ProcessRequest['kind']>(
  child: ChildProcess,
  request: Extract<ProcessRequest, { readonly kind: Kind }>,
  errors: () => string,
): Promise<ProcessResults[Kind]> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      child.off('message', onMessage).off('close', onClose).off('error', onError);
      action();
    };
    const onMessage = (answer: ProcessAnswer) =>
      settle(() =>
        'error' in answer
          ? reject(errorOf(answer.error))
          : resolve(answer.result as ProcessResults[Kind]),
      );
    const onClose = (code: number | null, signal: string | null) =>
      settle(() => reject(ended(`ended with ${signal ?? `exit code ${code}`}`, errors())));
    const onError = (error: Error) => settle(() => reject(ended(error.message, errors())));
    child.on('message', onMessage).on('close', onClose).on('error', onError);
    if (child.connected) child.send(request, () => {});
    else settle(() => reject(ended('has ended', errors())));
  });
}

function errorOf({
  code,
  message,
}: Extract<ProcessAnswer, { error: unknown }>['error']): DlcmpError {
  if (code !== 'UNKNOWN') return new DlcmpError(code, message);
  return new DlcmpError('PEER_FAILED', `The library failed: ${withStop(message)} ${ADVICE}`);
}

function ended(what: string, errors: string): DlcmpError {
  const last = errors.trim().split('\n').at(-1);
  const said = last ? ` and said: ${last}` : '';
  return new DlcmpError('PEER_FAILED', `The model's process ${withStop(what + said)} ${ADVICE}`);
}

const ADVICE =
  'Check that it opens the model by itself, or choose other runtimes (runtimes, --runtimes).';

function withStop(sentence: string): string {
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // `close` is not told of a process whose channel was shut from here.
  const closed = new Promise((resolve) => child.once('exit', resolve));
  if (child.connected) child.disconnect();
  else child.kill();
  await closed;
}
