import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

export interface CompileOptions {
  /** Path of NVRTC's library. */
  readonly nvrtc: string;
  /** Compute capability of the GPU: `9.0`. */
  readonly computeCapability: string;
}

const P = 'void *';

/**
 * Compiles CUDA C++ into machine code for a GPU, by NVRTC, a library among CUDA's: no compiler need be installed.
 *
 * @throws with the compiler's messages
 */
export function compileKernels(
  source: string,
  { nvrtc, computeCapability }: CompileOptions,
): Uint8Array {
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const library = koffi.load(nvrtc);
  const declare = (name: string, ...parameters: string[]) => library.func(name, 'int', parameters);
  const create = declare('nvrtcCreateProgram', ...[P, 'const char *', 'const char *', 'int', P, P]);
  const compile = declare('nvrtcCompileProgram', P, 'int', 'const char **');
  const sizeOf = (name: string) => declare(name, P, P);
  const program = new BigUint64Array(1);
  assertCode(create(program, source, 'kernels.cu', 0, null, null), 'nvrtcCreateProgram');
  const handle = program[0] as bigint;
  const read = (what: string): Uint8Array => {
    const size = new BigUint64Array(1);
    assertCode(sizeOf(`nvrtcGet${what}Size`)(handle, size), `nvrtcGet${what}Size`);
    const bytes = new Uint8Array(Number(size[0]));
    assertCode(sizeOf(`nvrtcGet${what}`)(handle, bytes), `nvrtcGet${what}`);
    return bytes;
  };
  const options = [`--gpu-architecture=sm_${computeCapability.replace('.', '')}`, '--std=c++17'];
  if (compile(handle, options.length, options) !== 0) {
    throw new Error(`CUDA's compiler refused the kernels: ${Buffer.from(read('ProgramLog'))}`);
  }
  const code = read('CUBIN');
  declare('nvrtcDestroyProgram', P)(program);
  return code;
}

function assertCode(code: number, name: string): void {
  if (code !== 0) throw new Error(`${name} failed with code ${code}.`);
}
