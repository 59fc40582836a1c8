import { readFileSync } from 'node:fs';
import { KERNEL_BINARIES } from '../kernel-files';

/** The functions of `assembly/`, where their arguments are described. */
export const KERNEL_NAMES = [
  'adam',
  'addValues',
  'convolve',
  'filterGradient',
  'finishImages',
  'gatherFilterGradients',
  'maxPool',
  'maxPoolGradient',
  'multiply',
  'packPanels',
  'poolImages',
  'rotateKernel',
  'transformGradients',
  'transformImages',
] as const;

export type KernelName = (typeof KERNEL_NAMES)[number];

export type Kernels = Readonly<Record<KernelName, (...numbers: number[]) => void>>;

/** The bytes of the first build that the engine and the CPU can run, if there is one. */
export function readKernelBinary(): Uint8Array<ArrayBuffer> | undefined {
  for (const path of KERNEL_BINARIES) {
    const binary = new Uint8Array(readFileSync(path));
    if (WebAssembly.validate(binary)) return binary;
  }
  return undefined;
}

/** The kernels on `memory`. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as Kernels;
}
