import type { KernelCall } from './kernel-call';
import { type FunctionTable, reasonOf } from './thread-functions';

/** Whose turn it is: the thread's while it starts, the caller's, the thread's, or the caller's after a failure. */
const STARTING = 0;
const ANSWERED = 1;
const CALLED = 2;
const FAILED = 3;

/** Int32 state, count of the numbers that follow, and of the message's bytes. */
const HEADER_BYTES = 16;
/** Float64 numbers: of each call the function's place, the count of its arguments and these. */
const CAPACITY = 65536;
const MESSAGE_AT = HEADER_BYTES + CAPACITY * Float64Array.BYTES_PER_ELEMENT;
const MAX_MESSAGE_BYTES = 1024;

/** Memory through which one thread is called: it computes a list of calls, and says why where one failed. */
export class Mailbox {
  /** What both sides share. */
  readonly buffer: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #numbers: Float64Array;

  /** @param buffer another side's. Default: a mailbox of a thread that has yet to start */
  constructor(buffer = new SharedArrayBuffer(MESSAGE_AT + MAX_MESSAGE_BYTES)) {
    this.buffer = buffer;
    this.#header = new Int32Array(buffer, 0, HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.#numbers = new Float64Array(buffer, HEADER_BYTES, CAPACITY);
  }

  /** Blocks until the thread has begun to answer. Throws where it failed to, or does not within `seconds`. */
  awaitStart(seconds: number): void {
    const end = performance.now() + seconds * 1000;
    while (this.#state() === STARTING) {
      const left = end - performance.now();
      if (left <= 0) throw new Error(`A computing thread did not start within ${seconds} s.`);
      Atomics.wait(this.#header, 0, STARTING, left);
    }
    if (this.#state() === FAILED) {
      throw new Error(`A computing thread did not start: ${this.#message()}`);
    }
  }

  /** Has the thread compute calls in their order; {@link awaitAnswer} comes next. */
  post(functions: FunctionTable, calls: readonly KernelCall[]): void {
    const numbers = this.#numbers;
    let end = 0;
    for (const { name, numbers: given } of calls) {
      numbers[end] = functions.placeOf(name);
      numbers[end + 1] = given.length;
      numbers.set(given, end + 2);
      end += 2 + given.length;
    }
    this.#header[1] = end;
    this.#hand(CALLED);
  }

  /** Blocks until the calls are answered; returns what went wrong, if anything did. */
  awaitAnswer(): Error | undefined {
    // A wake-up may be that of the answer before: a thread first answers, then wakes.
    while (this.#state() === CALLED) Atomics.wait(this.#header, 0, CALLED);
    return this.#state() === FAILED ? new Error(this.#message()) : undefined;
  }

  /** What a thread does that cannot start. */
  refuse(reason: unknown): void {
    this.#fail(reason);
  }

  /** The life of a computing thread: waits for calls and answers them until it is terminated. */
  answerCalls(functions: FunctionTable): never {
    if (this.#state() === STARTING) this.#hand(ANSWERED);
    for (;;) {
      const state = this.#state();
      if (state === CALLED) this.#answer(functions);
      else Atomics.wait(this.#header, 0, state);
    }
  }

  #answer(functions: FunctionTable): void {
    const numbers = this.#numbers;
    const end = this.#header[1] as number;
    try {
      let at = 0;
      while (at < end) {
        const next = at + 2 + (numbers[at + 1] as number);
        functions.call(numbers[at] as number, numbers.subarray(at + 2, next));
        at = next;
      }
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#hand(ANSWERED);
  }

  #fail(reason: unknown): void {
    const message = Buffer.from(this.buffer, MESSAGE_AT, MAX_MESSAGE_BYTES);
    this.#header[2] = message.write(reasonOf(reason));
    this.#hand(FAILED);
  }

  #message(): string {
    return Buffer.from(this.buffer, MESSAGE_AT, this.#header[2]).toString();
  }

  #state(): number {
    return Atomics.load(this.#header, 0);
  }

  #hand(state: number): void {
    Atomics.store(this.#header, 0, state);
    Atomics.notify(this.#header, 0);
  }
}
