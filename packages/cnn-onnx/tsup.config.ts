import { main as compileAssembly } from 'assemblyscript/asc';
import { defineConfig } from 'tsup';
import { copyProtobufLicences } from '../../tooling/copy-licences';
import { packageBuild } from '../../tooling/tsup.base';

/** The kernels import the heap, which threads share, and allocate nothing. */
const KERNEL_OPTIONS = [
  ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  ...['--importMemory', '--noExportMemory', '--sharedMemory', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads'],
];

async function compileKernels(outFile: string): Promise<void> {
  const compiled = await compileAssembly([
    'assembly/index.ts',
    '--outFile',
    outFile,
    ...KERNEL_OPTIONS,
  ]);
  if (compiled.error) throw new Error(compiled.stderr.toString(), { cause: compiled.error });
}

export default defineConfig({
  ...packageBuild({
    index: 'src/index.ts',
    layers: 'src/layers/index.ts',
    'kernel-worker': 'src/kernel-worker.ts',
    'webgpu-probe': 'src/webgpu-probe.ts',
  }),
  async onSuccess() {
    copyProtobufLicences(import.meta.url);
    await compileKernels('dist/kernels.wasm');
  },
});
