/** What `assembly/index.ts` exports. An address is a whole number of bytes. */
export interface TreeGrowerExports {
  layOut(base: number, samples: number, features: number, classes: number): number;
  locateImages(rowMajor: number, columnMajor: number): void;
  transpose(firstColumn: number, endColumn: number): void;
  configure(
    maxFeatures: number,
    maxDepth: number,
    minSamplesLeaf: number,
    isRandom: boolean,
    isWeighted: boolean,
  ): void;
  growTree(samples: number, seedLow: number, seedHigh: number): number;
  readonly sampleRows: WebAssembly.Global;
  readonly sampleClasses: WebAssembly.Global;
  readonly sampleCounts: WebAssembly.Global;
  readonly classWeights: WebAssembly.Global;
  readonly nodeFeatures: WebAssembly.Global;
  readonly nodeThresholds: WebAssembly.Global;
  readonly nodeLefts: WebAssembly.Global;
  readonly nodeStarts: WebAssembly.Global;
  readonly nodeEnds: WebAssembly.Global;
  readonly nodeDecreases: WebAssembly.Global;
}

/** The address that a global holds; WebAssembly hands 32 bits over as signed. */
export function addressOf(pointer: WebAssembly.Global): number {
  return pointer.value >>> 0;
}

/** Size of a page of WebAssembly memory. */
export const PAGE_BYTES = 65536;

/** Makes an instance that works in `memory`. */
export async function instantiateTreeGrower(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<TreeGrowerExports> {
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  return instance.exports as unknown as TreeGrowerExports;
}
