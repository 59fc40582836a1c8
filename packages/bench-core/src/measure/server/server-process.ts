import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { fileURLToPath } from 'node:url';
import { DlcmpError, type DlcmpErrorCode, threadEnvironment } from '@dlcmp/contract';
import type {
  ClosedLoopSummary,
  EventLoopDelay,
  LoadSummary,
  ServerWay,
} from '../../results/server-result';
import { killAtExit } from '../../run/kill-at-exit';
import { runClosedLoop } from './closed-loop';
import type { Send } from './load';
import { runOpenLoop } from './open-loop';
import { postImage } from './post-image';
import type {
  OpenServerMessage,
  ServerAnswer,
  ServerAnswers,
  ServerMessage,
} from './server-messages';

/** A server in a process of its own, and the loads that it is put under. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #way: ServerWay;
  readonly #agent = new Agent({ keepAlive: true });
  #send: Send = () => Promise.reject(new Error('The server is not open.'));

  private constructor(child: ChildProcess, way: ServerWay) {
    this.#child = child;
    this.#way = way;
  }

  /** @throws what opening the model throws; `PEER_FAILED` where the process ends instead */
  static async start(
    open: Omit<OpenServerMessage, 'kind'>,
    way: ServerWay,
  ): Promise<ServerProcess> {
    const child = fork(programPath(), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { ...process.env, ...threadEnvironment(open.threads) },
      execArgv: [],
    });
    child.once(
      'exit',
      killAtExit(() => child.kill('SIGKILL')),
    );
    const server = new ServerProcess(child, way);
    try {
      const { url } = await server.#ask({ ...open, kind: 'open' });
      const images = await Promise.all(open.files.map((file) => readFile(file)));
      server.#send = (index) =>
        postImage(url, images[index % images.length] as Uint8Array, server.#agent);
      return server;
    } catch (error) {
      await server.end();
      throw error;
    }
  }

  /** Requests that are due at these milliseconds. */
  openLoop(
    due: Float64Array,
    giveUpMs: number,
  ): Promise<LoadSummary & { readonly eventLoop: EventLoopDelay }> {
    return this.#watched(() =>
      this.#way === 'http'
        ? runOpenLoop(due, this.#send, { giveUpMs })
        : this.#ask({ kind: 'open-loop', due, giveUpMs }),
    );
  }

  /** So many clients, each of which asks again when it is answered. */
  closedLoop(
    concurrency: number,
    seconds: number,
  ): Promise<ClosedLoopSummary & { readonly eventLoop: EventLoopDelay }> {
    return this.#watched(() =>
      this.#way === 'http'
        ? runClosedLoop(concurrency, seconds, this.#send)
        : this.#ask({ kind: 'closed-loop', concurrency, seconds }),
    );
  }

  async end(): Promise<void> {
    this.#agent.destroy();
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  async #watched<Summary>(
    load: () => Promise<Summary>,
  ): Promise<Summary & { readonly eventLoop: EventLoopDelay }> {
    await this.#ask({ kind: 'watch' });
    const summary = await load();
    return { ...summary, eventLoop: await this.#ask({ kind: 'delay' }) };
  }

  /** One at a time. */
  #ask<Kind extends ServerMessage['kind']>(
    message: Extract<ServerMessage, { readonly kind: Kind }>,
  ): Promise<ServerAnswers[Kind]> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const onMessage = (answer: ServerAnswer) => {
        child.off('exit', onExit);
        if ('error' in answer) reject(errorOf(answer.error));
        else resolve(answer.result as ServerAnswers[Kind]);
      };
      const onExit = (code: number | null, signal: string | null) => {
        child.off('message', onMessage);
        reject(errorOf({ code: 'UNKNOWN', message: `It ended with ${signal ?? code}.` }));
      };
      child.once('message', onMessage).once('exit', onExit);
      child.send(message, () => {});
    });
  }
}

/** From the sources, as tests run it, the built program is started. */
function programPath(): string {
  const beside = fileURLToPath(new URL('./server-program.js', import.meta.url));
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../../dist/server-program.js', import.meta.url));
}

function errorOf({ code, message }: { readonly code: string; readonly message: string }) {
  return new DlcmpError(
    code === 'UNKNOWN' ? 'PEER_FAILED' : (code as DlcmpErrorCode),
    `The server under load failed: ${message} Check that the model can be served by itself.`,
  );
}
