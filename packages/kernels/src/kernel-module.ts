import { readFileSync } from 'node:fs';
import { DlcmpError } from '@dlcmp/contract';
import type { KernelExports } from '../generated/kernel-calls';
import { KERNEL_BINARIES } from './kernel-files';

let compiled: WebAssembly.Module | undefined;

/** Whether this CPU and this Node.js can run the kernels. */
export function canRunKernels(): boolean {
  return readBinary() !== undefined;
}

/**
 * The kernels, compiled once in a process.
 *
 * @throws `BACKEND_UNAVAILABLE` where the CPU cannot run them
 */
export function compileKernels(): WebAssembly.Module {
  if (compiled) return compiled;
  const binary = readBinary();
  if (!binary) {
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      'The WebAssembly kernels need a CPU with 128-bit vector instructions, which this one has not. Choose another backend: "dlcmp doctor" shows which can run.',
    );
  }
  compiled = new WebAssembly.Module(binary);
  return compiled;
}

/** The kernels on `memory`, which threads share. */
export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): KernelExports {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as KernelExports;
}

/** The bytes of the first build that the engine and the CPU can run, if there is one. */
function readBinary(): Uint8Array<ArrayBuffer> | undefined {
  for (const path of KERNEL_BINARIES) {
    const binary = new Uint8Array(readFileSync(path));
    if (WebAssembly.validate(binary)) return binary;
  }
  return undefined;
}
