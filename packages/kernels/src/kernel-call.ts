/** A function's name and its arguments, in order: of a kernel as `kernelCalls` makes it, or of one of the caller's own. */
export interface KernelCall {
  readonly name: string;
  readonly numbers: readonly number[];
}

/**
 * An address or a size as it is; below zero it counts from the end of 4 GB, as addresses do. Throws where it is neither.
 *
 * @public to the generated module
 */
export function whole(value: number, kernel: string, argument: string): number {
  if (Number.isInteger(value)) return value;
  throw new TypeError(
    `The kernel ${kernel} takes a whole number as its argument ${argument}, not ${value}.`,
  );
}

/**
 * A factor as it is. Throws where it is no number at all.
 *
 * @public to the generated module
 */
export function real(value: number, kernel: string, argument: string): number {
  if (typeof value === 'number') return value;
  throw new TypeError(
    `The kernel ${kernel} takes a number as its argument ${argument}, not ${value}.`,
  );
}
