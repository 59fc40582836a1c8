import { KERNEL_NAMES, type KernelName, type Kernels } from './kernel-module';

/** What a kernel thread is started with. */
export interface KernelWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly mailbox: SharedArrayBuffer;
}

/** Whose turn it is: the caller's, the thread's, or the caller's after a call that went wrong. */
const ANSWERED = 0;
const CALLED = 1;
const FAILED = 2;

const MAX_ARGUMENTS = 24;
/** Int32 state, kernel and argument count, padded to 16 bytes; then the arguments as float64. */
const HEADER_BYTES = 16;

/** Memory through which one thread is called. */
export function createMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + MAX_ARGUMENTS * Float64Array.BYTES_PER_ELEMENT);
}

/** Has the mailbox's thread compute `kernel`; {@link awaitAnswer} comes next. */
export function call(mailbox: SharedArrayBuffer, kernel: KernelName, numbers: readonly number[]) {
  const header = new Int32Array(mailbox);
  header[1] = KERNEL_NAMES.indexOf(kernel);
  header[2] = numbers.length;
  new Float64Array(mailbox, HEADER_BYTES).set(numbers);
  Atomics.store(header, 0, CALLED);
  Atomics.notify(header, 0);
}

/** Blocks until the call is answered. Throws where the kernel did. */
export function awaitAnswer(mailbox: SharedArrayBuffer): void {
  const header = new Int32Array(mailbox);
  // A wake-up may be that of the answer before: a thread first answers, then wakes.
  while (Atomics.load(header, 0) === CALLED) Atomics.wait(header, 0, CALLED);
  if (Atomics.load(header, 0) === FAILED) throw new Error('A WebAssembly kernel failed.');
}

/** The life of a kernel thread: waits for calls and answers them until it is terminated. */
export function answerCalls(mailbox: SharedArrayBuffer, kernels: Kernels): never {
  const header = new Int32Array(mailbox);
  const numbers = new Float64Array(mailbox, HEADER_BYTES);
  for (;;) {
    const state = Atomics.load(header, 0);
    if (state !== CALLED) {
      Atomics.wait(header, 0, state);
      continue;
    }
    Atomics.store(header, 0, answer(header, numbers, kernels));
    Atomics.notify(header, 0);
  }
}

function answer(header: Int32Array, numbers: Float64Array, kernels: Kernels): number {
  try {
    const kernel = KERNEL_NAMES[header[1] as number] as KernelName;
    kernels[kernel](...numbers.subarray(0, header[2]));
    return ANSWERED;
  } catch {
    return FAILED;
  }
}
