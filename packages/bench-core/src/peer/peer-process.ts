import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { DlcmpError, type DlcmpErrorCode } from '@dlcmp/contract';
import { killAtExit } from '../run/kill-at-exit';
import { createLineReader, MAX_LINE_CHARACTERS } from './line-reader';
import { peerCommand } from './peer-command';
import type { PeerManifest } from './peer-manifest';
import {
  type PeerAnswer,
  type PeerMessage,
  type PeerMethod,
  type PeerParams,
  type PeerProgress,
  parsePeerAnswer,
  parsePeerLine,
} from './peer-messages';

const DEFAULT_SILENCE_SECONDS = 120;
const STDERR_TAIL_CHARACTERS = 1000;

/** Codes that a peer may answer with; whatever else it says becomes `PEER_FAILED`. */
const PEER_ERROR_CODES: readonly string[] = [
  'INVALID_ARGUMENT',
  'INVALID_FILE',
  'FRAMEWORK_MISSING',
  'BACKEND_UNAVAILABLE',
  'DIVERGED',
  'NOT_FITTED',
] satisfies DlcmpErrorCode[];

interface PendingRequest {
  readonly id: number;
  readonly method: PeerMethod;
  readonly onProgress: ((progress: PeerProgress) => void) | undefined;
  settle(outcome: { answer: unknown } | { error: unknown }): void;
}

/**
 * A peer that runs: one request at a time, each line checked. Whatever breaks the protocol ends the
 * process, and the request under way fails with `PEER_FAILED` and the cause.
 */
export class PeerProcess {
  readonly #manifest: PeerManifest;
  readonly #child: ChildProcessWithoutNullStreams;
  #requests = 0;
  #pending: PendingRequest | undefined;
  #failure: DlcmpError | undefined;
  #silence: NodeJS.Timeout | undefined;
  #stderr = '';

  constructor(manifest: PeerManifest) {
    this.#manifest = manifest;
    const [program = '', ...words] = peerCommand(manifest);
    this.#child = spawn(program, words, {
      cwd: manifest.directory,
      env: peerEnvironment(manifest),
      // A group of its own: Ctrl-C in a terminal is not for it, and its children end with it.
      detached: true,
    });
    this.#listen();
  }

  get isAlive(): boolean {
    return this.#failure === undefined;
  }

  /** Asks and waits. `onProgress` hears of each step or tree, and must not throw. */
  async request<M extends PeerMethod>(
    method: M,
    params: PeerParams<M>,
    onProgress?: (progress: PeerProgress) => void,
  ): Promise<PeerAnswer<M>> {
    const result = await this.#ask(method, params, onProgress);
    const parsed = parsePeerAnswer(method, result);
    if ('answer' in parsed) return parsed.answer;
    this.fail(`answered "${method}" with ${shorten(JSON.stringify(result))}: ${parsed.fault}`);
    throw this.#failure;
  }

  /** Ends the process because of `fault`; from now on every request fails with it. */
  fail(fault: string, code: DlcmpErrorCode = 'PEER_FAILED'): void {
    const { id, install } = this.#manifest;
    const isMissing = code === 'FRAMEWORK_MISSING';
    // Where something is not installed, how the program came to ask for it says nothing.
    const said = isMissing ? this.#stderr.trim().split('\n').at(-1) : this.#stderr.trim();
    const advice = isMissing
      ? ` ${install} It was started as: ${this.#child.spawnargs.join(' ')}.`
      : '';
    const tail = said ? ` Its last words: ${said}` : '';
    this.end(new DlcmpError(code, `The peer ${id} ${fault}.${advice}${tail}`));
  }

  /** Ends the process at once; the request under way fails with `error`. */
  end(
    error = new DlcmpError(
      'DISPOSED',
      `The peer ${this.#manifest.id} was ended. Create or load another classifier.`,
    ),
  ): void {
    this.#failure ??= error;
    clearTimeout(this.#silence);
    this.#kill();
    this.#settle({ error: this.#failure });
  }

  /** Closes the peer's standard input, upon which it must end by itself. */
  closeInput(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stdin.end();
    return ended;
  }

  /** Whether an idle peer keeps this process alive. */
  hold(held: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const part of [this.#child, stdin as Socket, stdout as Socket, stderr as Socket]) {
      if (held) part.ref();
      else part.unref();
    }
  }

  /** With the processes that it started, such as a launcher's. */
  #kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      this.#child.kill('SIGKILL');
    }
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#child;
    const hasEnded = killAtExit(() => this.#kill());
    stdin.on('error', () => {});
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL_CHARACTERS);
    });
    stdout.on(
      'data',
      createLineReader(
        (line) => this.#hear(line),
        () => this.fail(`wrote a line of more than ${MAX_LINE_CHARACTERS} characters`),
      ),
    );
    this.#child.once('error', ({ message }) =>
      this.fail(`could not be started: ${message}`, 'FRAMEWORK_MISSING'),
    );
    this.#child.once('close', (exitCode, signal) => {
      hasEnded();
      this.#leave(exitCode, signal);
    });
  }

  /** A peer that ends before its first answer lacks what it stands on. */
  #leave(exitCode: number | null, signal: string | null): void {
    const how = signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
    const when = this.#pending ? ` before it answered "${this.#pending.method}"` : '';
    const code = this.#pending?.method === 'describe' ? 'FRAMEWORK_MISSING' : 'PEER_FAILED';
    this.fail(`${how}${when}`, code);
  }

  #ask(
    method: PeerMethod,
    params: unknown,
    onProgress: PendingRequest['onProgress'],
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure);
        return;
      }
      const id = ++this.#requests;
      const settle: PendingRequest['settle'] = (outcome) =>
        'answer' in outcome ? resolve(outcome.answer) : reject(outcome.error);
      this.#pending = { id, method, onProgress, settle };
      this.#awaitLine();
      this.#child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  }

  #hear(line: string): void {
    if (this.#failure) return;
    const parsed = parsePeerLine(line);
    if ('fault' in parsed) this.fail(`wrote "${shorten(line)}": ${parsed.fault}`);
    else if (parsed.message.id === this.#pending?.id) this.#take(parsed.message, this.#pending);
    else this.fail(`wrote "${shorten(line)}", but no such request is under way`);
  }

  #take(message: PeerMessage, pending: PendingRequest): void {
    this.#awaitLine();
    if ('result' in message) this.#settle({ answer: message.result });
    else if ('error' in message) this.#settle({ error: peerError(message.error, this.#manifest) });
    else if (message.event === 'progress') this.#report(message, pending);
  }

  #report(progress: PeerProgress, { onProgress, method }: PendingRequest): void {
    if (onProgress) onProgress(progress);
    else this.fail(`reported progress of "${method}", which has none`);
  }

  #settle(outcome: { answer: unknown } | { error: unknown }): void {
    const pending = this.#pending;
    this.#pending = undefined;
    clearTimeout(this.#silence);
    pending?.settle(outcome);
  }

  #awaitLine(): void {
    clearTimeout(this.#silence);
    const { silenceSeconds = DEFAULT_SILENCE_SECONDS, startSeconds } = this.#manifest;
    const isStart = this.#pending?.method === 'describe';
    const seconds = (isStart ? startSeconds : undefined) ?? silenceSeconds;
    const fault = `said nothing for ${seconds} s while "${this.#pending?.method}" was under way`;
    this.#silence = setTimeout(() => this.fail(fault), seconds * 1000);
  }
}

/** The manifest's variables below those of this process, which the user may have set. */
export function peerEnvironment({ environment }: PeerManifest): NodeJS.ProcessEnv {
  return { ...environment, ...process.env };
}

function peerError(
  { code, message }: { code: string; message: string },
  { id }: PeerManifest,
): DlcmpError {
  const known = PEER_ERROR_CODES.includes(code) ? (code as DlcmpErrorCode) : 'PEER_FAILED';
  return new DlcmpError(known, `The peer ${id}: ${message}`);
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
