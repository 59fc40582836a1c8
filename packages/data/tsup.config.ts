import { main as compileAssembly } from 'assemblyscript/asc';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

/** The loops are given their memory's layout, and allocate nothing. */
const LOOP_OPTIONS = [
  ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  ...['--enable', 'simd'],
];

async function compileLoops(outFile: string): Promise<void> {
  const compiled = await compileAssembly([
    'assembly/index.ts',
    '--outFile',
    outFile,
    ...LOOP_OPTIONS,
  ]);
  if (compiled.error) throw new Error(compiled.stderr.toString(), { cause: compiled.error });
}

export default defineConfig({
  ...packageBuild({ index: 'src/index.ts', 'decode-worker': 'src/decode-worker.ts' }),
  onSuccess: () => compileLoops('dist/resize.wasm'),
});
