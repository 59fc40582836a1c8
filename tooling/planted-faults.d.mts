/** A fault that can be put into the code that measures: `find`, which `file` holds once, becomes `replace`. */
export interface PlantedFault {
  readonly name: string;
  /** From `packages/bench-core/src`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Patterns of the tests that must see it. Default: those of `measure`. */
  readonly tests?: readonly string[];
}

export const PLANTED_FAULTS: readonly PlantedFault[];
