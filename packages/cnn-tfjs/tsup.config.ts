import { main as compileAssembly } from 'assemblyscript/asc';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

/** The kernels import TensorFlow.js's heap, which is shared by threads, and allocate nothing. */
const KERNEL_OPTIONS = [
  ...['--outFile', 'dist/kernels.wasm', '--optimizeLevel', '3', '--noAssert'],
  ...['--runtime', 'stub', '--use', 'abort=', '--enable', 'simd', '--enable', 'threads'],
  ...['--importMemory', '--noExportMemory', '--sharedMemory', '--maximumMemory', '65536'],
];

export default defineConfig({
  ...packageBuild({ index: 'src/index.ts', 'kernel-worker': 'src/kernel-worker.ts' }),
  async onSuccess() {
    const { error, stderr } = await compileAssembly(['assembly/index.ts', ...KERNEL_OPTIONS]);
    if (error) throw new Error(stderr.toString(), { cause: error });
  },
});
