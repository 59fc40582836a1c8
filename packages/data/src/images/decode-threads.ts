import { Worker } from 'node:worker_threads';
import { DlcmpError, type DlcmpErrorCode } from '@dlcmp/contract';
import { DECODE_WORKER } from '../built-files';
import { type CompiledLoops, compiledLoops } from './compiled-loops';
import type { DecodedChunk, ImageSource } from './decode-chunk';
import type { PixelTarget } from './pixel-target';

/** What a thread is given when it starts. */
export interface DecodeThreadData {
  readonly target: PixelTarget;
  readonly loops: CompiledLoops;
}

/** What a thread is asked: to decode some images, into memory that it had before. */
export interface ChunkRequest {
  readonly sources: readonly ImageSource[];
  readonly memory: ArrayBuffer;
}

/** Threads that read, decode and resize, one chunk of images at a time each. */
export class DecodeThreads {
  readonly #idle: Worker[];
  /** Memory of chunks that were used: fresh pages of a megabyte a chunk cost a twentieth of all decoding. */
  readonly #spare: ArrayBuffer[] = [];
  readonly #all: readonly Worker[];

  constructor(count: number, target: PixelTarget) {
    const workerData: DecodeThreadData = { target, loops: compiledLoops() };
    this.#all = Array.from(
      { length: count },
      () => new Worker(DECODE_WORKER, { workerData, execArgv: [] }),
    );
    this.#idle = [...this.#all];
  }

  get count(): number {
    return this.#all.length;
  }

  /**
   * Decodes on a thread that is idle; no more calls may be under way than there are threads.
   *
   * @param use is given the chunk, whose pixels are its own until it resolves
   * @throws what ends the thread, out of memory say, and what `use` throws
   */
  async decode(
    sources: readonly ImageSource[],
    use: (chunk: DecodedChunk) => Promise<void>,
  ): Promise<void> {
    const worker = this.#idle.pop();
    if (!worker) throw new RangeError('More chunks of images are decoded than there are threads.');
    const chunk = await ask(worker, {
      sources,
      memory: this.#spare.pop() ?? new ArrayBuffer(0),
    });
    this.#idle.push(worker);
    await use(chunk);
    this.#spare.push(chunk.pixels.buffer);
  }

  /** Stops the threads, whatever they are at. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, request: ChunkRequest): Promise<DecodedChunk> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      action();
    };
    const onMessage = (answer: ChunkAnswer) =>
      settle(() => ('failure' in answer ? reject(errorOf(answer.failure)) : resolve(answer.chunk)));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`A thread that decodes ended early, with exit code ${code}.`)));
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(request, [request.memory]);
  });
}

/** What a thread answers: the chunk, or why there is none. */
export type ChunkAnswer = { readonly chunk: DecodedChunk } | { readonly failure: Failure };

/** An error on its way between threads, where it would lose its code. */
interface Failure {
  readonly code?: DlcmpErrorCode;
  readonly message: string;
}

function errorOf({ code, message }: Failure): Error {
  return code === undefined ? new Error(message) : new DlcmpError(code, message);
}
