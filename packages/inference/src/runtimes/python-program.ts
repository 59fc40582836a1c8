import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DlcmpError } from '@dlcmp/contract';

/** What a program of `python/` answers. */
export interface PythonAnswer {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Buffer;
}

/** The interpreter of `DLCMP_PYTHON`, else `python3`. */
export function pythonInterpreter(): string {
  return process.env.DLCMP_PYTHON ?? 'python3';
}

/** A program of `python/` that answers requests, one after the other. */
export class PythonProgram {
  readonly #child: ChildProcess;
  #received: Buffer = Buffer.alloc(0);
  #waiting: (() => void) | undefined;
  #ended: string | undefined;
  #errors = '';

  /**
   * @param program file in `python/`
   * @param interpreter with its arguments
   */
  constructor(
    program: string,
    args: readonly string[],
    [interpreter = '', ...first]: readonly string[] = [pythonInterpreter()],
  ) {
    const path = programPath(program);
    this.#child = spawn(interpreter, [...first, '-W', 'ignore', path, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#waiting?.();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk).slice(-2000);
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.once('error', (error) => this.#end(error.message));
    this.#child.once('close', (code) => this.#end(`it ended with exit code ${code}`));
  }

  /** Sends a request and waits for its answer. */
  async ask(
    header: Readonly<Record<string, unknown>>,
    payload?: ArrayBufferView,
  ): Promise<PythonAnswer> {
    const bytes = payload
      ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
      : Buffer.alloc(0);
    this.#child.stdin?.write(`${JSON.stringify({ ...header, bytes: bytes.length })}\n`);
    if (bytes.length > 0) this.#child.stdin?.write(bytes);
    return this.read();
  }

  /**
   * The next answer.
   *
   * @throws `FRAMEWORK_MISSING` where Python lacks a package; `PEER_FAILED`
   */
  async read(): Promise<PythonAnswer> {
    let end = this.#received.indexOf('\n');
    for (; end < 0; end = this.#received.indexOf('\n')) await this.#more();
    const header = JSON.parse(this.#received.toString('utf8', 0, end)) as PythonAnswer['header'];
    const last = end + 1 + Number(header.bytes);
    while (this.#received.length < last) await this.#more();
    // In memory of its own, where numbers begin at multiples of their size.
    const payload = Buffer.from(new Uint8Array(this.#received.subarray(end + 1, last)).buffer);
    this.#received = this.#received.subarray(last);
    if (header.missing !== undefined) throw missing(String(header.missing));
    if (header.error !== undefined)
      throw new DlcmpError(
        'PEER_FAILED',
        `${pythonInterpreter()} failed: ${header.error} Check that it opens the model by itself, or leave it out (runtimes, --runtimes).`,
      );
    return { header, payload };
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.stdin?.end();
    await closed;
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    this.#waiting?.();
  }

  async #more(): Promise<void> {
    const before = this.#received.length;
    while (this.#received.length === before) {
      if (this.#ended !== undefined) {
        throw new DlcmpError(
          'BACKEND_UNAVAILABLE',
          `Python could not be asked: ${this.#ended}. ${this.#errors.trim().split('\n').at(-1) ?? ''} Name an interpreter in DLCMP_PYTHON.`,
        );
      }
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
      this.#waiting = undefined;
    }
  }
}

/** From the sources, as tests run it, the folder is one further up. */
function programPath(program: string): string {
  const [built, source] = ['../python/', '../../python/'].map((folder) =>
    fileURLToPath(new URL(folder + program, import.meta.url)),
  );
  return existsSync(built as string) ? (built as string) : (source as string);
}

function missing(name: string): DlcmpError {
  return new DlcmpError(
    'FRAMEWORK_MISSING',
    `${pythonInterpreter()} has no ${name}. Install it there (pip install ${name === 'PIL' ? 'pillow' : name}), or name another interpreter in DLCMP_PYTHON.`,
  );
}
