import { main as compileAssembly } from 'assemblyscript/asc';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

/** The kernels share TensorFlow.js's heap: they import its memory and allocate nothing. */
const KERNEL_OPTIONS = [
  ...['--outFile', 'dist/kernels.wasm', '--optimizeLevel', '3', '--noAssert', '--enable', 'simd'],
  ...['--importMemory', '--noExportMemory', '--runtime', 'stub', '--use', 'abort='],
];

export default defineConfig({
  ...packageBuild({ index: 'src/index.ts' }),
  async onSuccess() {
    const { error, stderr } = await compileAssembly(['assembly/index.ts', ...KERNEL_OPTIONS]);
    if (error) throw new Error(stderr.toString(), { cause: error });
  },
});
