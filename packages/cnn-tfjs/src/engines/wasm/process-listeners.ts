const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * Awaits `action` and leaves the process's error listeners as they were: starting an Emscripten
 * module adds some that would end the process on any error, and disposing it removes everybody's.
 */
export async function keepProcessListeners<Result>(action: () => Result): Promise<Awaited<Result>> {
  const before = EVENTS.map((event) => process.rawListeners(event));
  try {
    return await action();
  } finally {
    EVENTS.forEach((event, index) => {
      restore(event, before[index] ?? []);
    });
  }
}

type Listener = (...args: unknown[]) => void;

function restore(event: (typeof EVENTS)[number], before: readonly unknown[]): void {
  const after = process.rawListeners(event) as readonly unknown[];
  for (const added of after.filter((listener) => !before.includes(listener))) {
    process.off(event, added as Listener);
  }
  for (const removed of before.filter((listener) => !after.includes(listener))) {
    process.on(event, removed as Listener);
  }
}
