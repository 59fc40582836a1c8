/** One place that throws. */
export interface ListedError {
  /** `path:line` from the root. */
  readonly place: string;
  /** `DlcmpError`, `assertArgument` … */
  readonly thrower: string;
  /** As the source has it, with its quotes. */
  readonly code?: string;
  /** `{…}` for what is filled in, `A | B` where either is said. */
  readonly message: string;
}

/** Every error in the sources under `root`, by default this project's. */
export function listErrors(root?: string): ListedError[];
