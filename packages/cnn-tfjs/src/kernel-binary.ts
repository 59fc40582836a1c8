import { readFile } from 'node:fs/promises';

/**
 * The WebAssembly kernels compiled from `assembly/`. This file stays directly in `src/`, from where
 * as from `dist/` the path is the same.
 */
export function readKernelBinary(): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(new URL('../dist/kernels.wasm', import.meta.url)) as Promise<
    Uint8Array<ArrayBuffer>
  >;
}
