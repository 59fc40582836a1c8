/** Whose turn it is: the thread's while it starts, the caller's, the thread's, or the caller's after a call that went wrong. */
const STARTING = 0;
const ANSWERED = 1;
const CALLED = 2;
const FAILED = 3;

const MAX_ARGUMENTS = 24;
const MAX_MESSAGE_BYTES = 1024;
/** Int32 state, number of the function, of arguments and of the message's bytes. */
const HEADER_BYTES = 16;
const MESSAGE_AT = HEADER_BYTES + MAX_ARGUMENTS * Float64Array.BYTES_PER_ELEMENT;

/** What a thread can be asked to compute, by its place in a list that both sides know. */
export type ThreadFunction = (...numbers: number[]) => void;

/** Memory through which one thread is called: the arguments as float64, and the message where it failed. */
export function createMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(MESSAGE_AT + MAX_MESSAGE_BYTES);
}

/** Blocks until the mailbox's thread has begun to answer. Throws where it does not within `seconds`. */
export function awaitStart(mailbox: SharedArrayBuffer, seconds: number): void {
  const header = new Int32Array(mailbox);
  const end = performance.now() + seconds * 1000;
  while (Atomics.load(header, 0) === STARTING) {
    const left = end - performance.now();
    if (left <= 0) throw new Error(`A computing thread did not start within ${seconds} s.`);
    Atomics.wait(header, 0, STARTING, left);
  }
}

/** Has the mailbox's thread call one of its functions; {@link awaitAnswers} comes next. */
export function call(mailbox: SharedArrayBuffer, index: number, numbers: readonly number[]): void {
  const header = new Int32Array(mailbox);
  header[1] = index;
  header[2] = numbers.length;
  new Float64Array(mailbox, HEADER_BYTES).set(numbers);
  Atomics.store(header, 0, CALLED);
  Atomics.notify(header, 0);
}

/** Blocks until all calls are answered. Throws what the first that failed has thrown. */
export function awaitAnswers(mailboxes: readonly SharedArrayBuffer[]): void {
  const [failure] = mailboxes.map(awaitAnswer).filter((message) => message !== undefined);
  if (failure !== undefined) throw new Error(failure);
}

/** The message of the failure, if it was one. */
function awaitAnswer(mailbox: SharedArrayBuffer): string | undefined {
  const header = new Int32Array(mailbox);
  // A wake-up may be that of the answer before: a thread first answers, then wakes.
  while (Atomics.load(header, 0) === CALLED) Atomics.wait(header, 0, CALLED);
  if (Atomics.load(header, 0) !== FAILED) return undefined;
  return Buffer.from(mailbox, MESSAGE_AT, header[3]).toString();
}

/** The life of a computing thread: waits for calls and answers them until it is terminated. */
export function answerCalls(
  mailbox: SharedArrayBuffer,
  functions: readonly ThreadFunction[],
): never {
  const header = new Int32Array(mailbox);
  const numbers = new Float64Array(mailbox, HEADER_BYTES, MAX_ARGUMENTS);
  if (Atomics.compareExchange(header, 0, STARTING, ANSWERED) === STARTING) {
    Atomics.notify(header, 0);
  }
  for (;;) {
    const state = Atomics.load(header, 0);
    if (state !== CALLED) {
      Atomics.wait(header, 0, state);
      continue;
    }
    Atomics.store(header, 0, answer(mailbox, header, numbers, functions));
    Atomics.notify(header, 0);
  }
}

function answer(
  mailbox: SharedArrayBuffer,
  header: Int32Array,
  numbers: Float64Array,
  functions: readonly ThreadFunction[],
): number {
  try {
    functions[header[1] as number]?.(...numbers.subarray(0, header[2]));
    return ANSWERED;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    header[3] = Buffer.from(mailbox, MESSAGE_AT, MAX_MESSAGE_BYTES).write(message);
    return FAILED;
  }
}
