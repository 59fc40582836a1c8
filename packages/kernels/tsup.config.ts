import { fileURLToPath } from 'node:url';
import { main as compileAssembly } from 'assemblyscript/asc';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';
import { generateKernelCalls } from './build/generate-kernel-calls';

/** The kernels import the heap, which threads share, and allocate nothing. */
const KERNEL_OPTIONS = [
  ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  ...['--importMemory', '--noExportMemory', '--sharedMemory', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads'],
];

/** Who asks for this configuration may stand in another folder. */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function compileKernels(outFile: string, ...features: string[]): Promise<void> {
  const options = [...KERNEL_OPTIONS, ...features.flatMap((feature) => ['--enable', feature])];
  const compiled = await compileAssembly(['assembly/index.ts', '--outFile', outFile, ...options]);
  if (compiled.error) throw new Error(compiled.stderr.toString(), { cause: compiled.error });
}

export default defineConfig(() => {
  generateKernelCalls(here('assembly/index.ts'), here('generated/kernel-calls.ts'));
  return {
    ...packageBuild({ index: 'src/index.ts', 'kernel-worker': 'src/kernel-worker.ts' }),
    async onSuccess() {
      await compileKernels('dist/kernels.wasm');
      await compileKernels('dist/kernels-relaxed.wasm', 'relaxed-simd');
    },
  };
});
