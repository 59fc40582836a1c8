import { constants } from 'node:os';

/** What the process's exit status says. */
export const EXIT = {
  success: 0,
  /** The command ran and found a failure: a trial that failed, a parity error beyond tolerance. */
  failure: 1,
  /** The command could not begin: a wrong option, a missing folder, unusable data. */
  usage: 2,
} as const;

/** Of a process that `signal` ended, as shells report it: Ctrl-C gives 130, a request to terminate 143. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
