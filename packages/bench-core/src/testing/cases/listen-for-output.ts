import { AsyncLocalStorage } from 'node:async_hooks';

const CONSOLE_METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/**
 * Runs `work` and returns what it wrote through `console`, `process.stdout` and `process.stderr`.
 * Writes that `work` did not cause, such as a test runner's progress, are told apart by their
 * asynchronous context. Everything written still goes where it was bound.
 */
export async function listenForOutput(work: () => Promise<void>): Promise<string[]> {
  const working = new AsyncLocalStorage<true>();
  const heard: string[] = [];
  const hear = (channel: string, text: unknown) => {
    if (working.getStore()) heard.push(`${channel}: ${String(text).trimEnd()}`);
  };
  const restore = [
    ...CONSOLE_METHODS.map((name) => tap(console, name, hear)),
    tap(process.stdout, 'write', hear),
    tap(process.stderr, 'write', hear),
  ];
  try {
    await working.run(true, work);
  } finally {
    for (const undo of restore) undo();
  }
  return heard;
}

/** Lets `hear` know of each call of a method; returns what takes the tap off again. */
function tap<Name extends string>(
  // biome-ignore lint/suspicious/noExplicitAny: console's and streams' methods share no signature
  target: Record<Name, (...values: any[]) => any>,
  name: Name,
  hear: (channel: string, text: unknown) => void,
): () => void {
  const original = target[name];
  target[name] = (...values: unknown[]) => {
    hear(name, values[0]);
    return original.apply(target, values);
  };
  return () => {
    target[name] = original;
  };
}
