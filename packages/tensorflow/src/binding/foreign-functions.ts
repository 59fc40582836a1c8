/** A shared library that is loaded. */
export interface ForeignLibrary {
  /** By a declaration in C, or by name, result and parameters. Throws where the library has no such function. */
  func(declaration: string): ForeignFunction;
  func(name: string, result: unknown, parameters: readonly unknown[]): ForeignFunction;
}

// biome-ignore lint/suspicious/noExplicitAny: what C takes and returns stands in the declaration alone.
type ForeignFunction = (...values: any[]) => any;

/**
 * What this package uses of koffi. Koffi's own declarations are of an ES module, which those of a CommonJS program can't import.
 */
export interface ForeignFunctions {
  readonly version: string;
  /** null: what the process holds already. */
  load(path: string | null, options?: { global?: boolean; lazy?: boolean }): ForeignLibrary;
  address(memory: ArrayBufferView): bigint;
  struct(members: Readonly<Record<string, string>>): unknown;
}
