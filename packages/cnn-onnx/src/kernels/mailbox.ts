import { KERNEL_NAMES, type KernelName, type Kernels } from './kernel-module';

/** What a kernel thread is started with. */
export interface KernelWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly mailbox: SharedArrayBuffer;
}

/** A kernel's name and its arguments. */
export type KernelCall = readonly [KernelName, ...number[]];

/** Whose turn it is: the caller's, the thread's, or the caller's after a call that went wrong. */
const ANSWERED = 0;
const CALLED = 1;
const FAILED = 2;

/** Int32 state and count of the numbers that follow. */
const HEADER_BYTES = 8;
/** Float64 numbers: of each call the kernel, the count of its arguments and these. */
const CAPACITY = 65536;

/** Memory through which one thread is called. */
export function createMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + CAPACITY * Float64Array.BYTES_PER_ELEMENT);
}

/** Has the mailbox's thread compute calls in their order; {@link awaitAnswer} comes next. */
export function post(mailbox: SharedArrayBuffer, calls: readonly KernelCall[]): void {
  const header = new Int32Array(mailbox, 0, 2);
  const numbers = new Float64Array(mailbox, HEADER_BYTES);
  let end = 0;
  for (const [kernel, ...args] of calls) {
    numbers[end] = KERNEL_NAMES.indexOf(kernel);
    numbers[end + 1] = args.length;
    numbers.set(args, end + 2);
    end += 2 + args.length;
  }
  header[1] = end;
  Atomics.store(header, 0, CALLED);
  Atomics.notify(header, 0);
}

/** Blocks until the calls are answered. Throws where a kernel did. */
export function awaitAnswer(mailbox: SharedArrayBuffer): void {
  const header = new Int32Array(mailbox, 0, 2);
  // A wake-up may be that of the answer before: a thread first answers, then wakes.
  while (Atomics.load(header, 0) === CALLED) Atomics.wait(header, 0, CALLED);
  if (Atomics.load(header, 0) === FAILED) throw new Error('A kernel failed.');
}

/** The life of a kernel thread: waits for calls and answers them until it is terminated. */
export function answerCalls(mailbox: SharedArrayBuffer, kernels: Kernels): never {
  const header = new Int32Array(mailbox, 0, 2);
  const numbers = new Float64Array(mailbox, HEADER_BYTES);
  for (;;) {
    const state = Atomics.load(header, 0);
    if (state !== CALLED) {
      Atomics.wait(header, 0, state);
      continue;
    }
    Atomics.store(header, 0, answer(numbers, header[1] as number, kernels));
    Atomics.notify(header, 0);
  }
}

function answer(numbers: Float64Array, end: number, kernels: Kernels): number {
  try {
    let at = 0;
    while (at < end) {
      const kernel = KERNEL_NAMES[numbers[at] as number] as KernelName;
      const next = at + 2 + (numbers[at + 1] as number);
      kernels[kernel](...numbers.subarray(at + 2, next));
      at = next;
    }
    return ANSWERED;
  } catch {
    return FAILED;
  }
}
