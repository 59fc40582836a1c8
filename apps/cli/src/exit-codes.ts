/** What the process's exit status says. */
export const EXIT = {
  success: 0,
  /** The command ran and found a failure: a trial that failed, a parity error beyond tolerance. */
  failure: 1,
  /** The command could not begin: a wrong option, a missing folder, unusable data. */
  usage: 2,
  /** Ctrl-C (128 + SIGINT), as shells report it. */
  interrupted: 130,
} as const;
