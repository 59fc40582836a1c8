/** What a thread computes: its arguments are addresses, sizes and factors. */
export type ThreadFunction = (...numbers: number[]) => void;

export type ThreadFunctions = Readonly<Record<string, ThreadFunction>>;

/**
 * Functions by name and, between threads, by their place in a list: tables of the same names in the same order call the
 * same functions.
 */
export class FunctionTable {
  readonly names: readonly string[];
  readonly #functions: readonly ThreadFunction[];
  readonly #places: ReadonlyMap<string, number>;

  /** @param names in their order; each must be one of `functions` */
  constructor(functions: ThreadFunctions, names: readonly string[] = Object.keys(functions)) {
    this.names = names;
    this.#functions = names.map((name) => {
      const found = functions[name];
      if (!found) throw new Error(`The function ${name} is not one of the thread's.`);
      return found;
    });
    this.#places = new Map(names.map((name, place) => [name, place]));
  }

  placeOf(name: string): number {
    const place = this.#places.get(name);
    if (place === undefined) throw new RangeError(`There is no kernel ${name}.`);
    return place;
  }

  /** Throws with the function's name where it fails. */
  call(place: number, numbers: Iterable<number>): void {
    try {
      (this.#functions[place] as ThreadFunction)(...numbers);
    } catch (cause) {
      throw new Error(`The kernel ${this.names[place]} failed: ${reasonOf(cause)}`, { cause });
    }
  }
}

/** An error's message, whichever realm it is of. */
export function reasonOf(error: unknown): string {
  return String((error as { readonly message?: unknown } | undefined)?.message ?? error);
}
