import { exitCodeOf } from '../exit-codes';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

let received: NodeJS.Signals = 'SIGINT';

/** Aborts at the first Ctrl-C (or request to terminate); a second one ends the program at once. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(exitCodeOf(signal));
    received = signal;
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return controller.signal;
}

/** Exit status of a command that the signal of {@link interruptSignal} stopped. */
export function interruptedStatus(): number {
  return exitCodeOf(received);
}
