import { main as compileAssembly } from 'assemblyscript/asc';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';
import { bundleTfjsNode } from './build/bundle-tfjs-node';

/** The kernels import memory that threads share, and allocate nothing. */
const KERNEL_OPTIONS = [
  ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  ...['--importMemory', '--noExportMemory', '--sharedMemory', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads'],
];

async function compileKernels(outFile: string, ...features: string[]): Promise<void> {
  const source = '../cnn-tfjs/assembly/index.ts';
  const options = [...KERNEL_OPTIONS, ...features.flatMap((feature) => ['--enable', feature])];
  const compiled = await compileAssembly([source, '--outFile', outFile, ...options]);
  if (compiled.error) throw new Error(compiled.stderr.toString(), { cause: compiled.error });
}

export default defineConfig({
  ...packageBuild({
    index: 'src/index.ts',
    register: 'src/register.ts',
    engine: 'src/engine.ts',
    setup: 'src/setup.ts',
    'tile-worker': 'src/tile-worker.ts',
  }),
  async onSuccess() {
    await bundleTfjsNode('dist/tfjs-node.cjs');
    await compileKernels('dist/kernels.wasm');
    await compileKernels('dist/kernels-relaxed.wasm', 'relaxed-simd');
  },
});
