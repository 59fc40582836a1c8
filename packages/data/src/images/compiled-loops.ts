import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { RESIZE_BINARY } from '../built-files';

/** WebAssembly that decodes and resizes. Threads share what is compiled, and what is compiled again for speed. */
export interface CompiledLoops {
  readonly libjpeg: WebAssembly.Module;
  readonly resize: WebAssembly.Module;
}

let compiled: CompiledLoops | undefined;

/** Compiled at the first call, unless another thread has done so ({@link adoptLoops}). */
export function compiledLoops(): CompiledLoops {
  compiled ??= {
    libjpeg: compile(createRequire(import.meta.url).resolve('@cwasm/jpeg-turbo/jpeg-turbo.wasm')),
    resize: compile(RESIZE_BINARY),
  };
  return compiled;
}

/** Has a thread use what another has compiled. */
export function adoptLoops(loops: CompiledLoops): void {
  compiled = loops;
}

function compile(binary: string | URL): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(binary));
}
