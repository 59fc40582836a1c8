import { readFile } from 'node:fs/promises';
import { KERNEL_BINARY } from '../kernel-files';
import { multiply } from './multiply';

/** The functions of `assembly/`, where their arguments are described, and {@link multiply}. */
export const KERNEL_NAMES = [
  'adam',
  'addParts',
  'addPixelFilterGradients',
  'addTo',
  'clear',
  'gatherFilterGradients',
  'gatherInputGradients',
  'multiply',
  'multiplySparse',
  'normalizePixels',
  'poolOutputs',
  'poolProducts',
  'restoreWeights',
  'stepDense',
  'transformFilters',
  'transformInputs',
  'transformOutputGradients',
  'transposeWeights',
  'writeDenseGradients',
  'writeNeighbourhoods',
] as const;

export type KernelName = (typeof KERNEL_NAMES)[number];

export type Kernels = Readonly<Record<KernelName, (...numbers: number[]) => void>>;

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels, compiled once in a process. */
export function compileKernels(): Promise<WebAssembly.Module> {
  compiled ??= readFile(KERNEL_BINARY).then((binary) => WebAssembly.compile(binary));
  return compiled;
}

/** The kernels on `memory`, which threads share. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { ...exports, multiply } as unknown as Kernels;
}
