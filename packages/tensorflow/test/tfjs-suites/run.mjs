/**
 * Runs the test suite of TensorFlow.js's layers, converter or data on the native backend and on TensorFlow.js's own, and names
 * the specs that fail on the first alone. 19 of the converter's, which spy on imported functions, fail in a bundle. npm's packages of these have no specs, so that a checkout of TensorFlow.js is needed:
 *
 *   git clone --depth 1 --branch tfjs-v4.22.0 https://github.com/tensorflow/tfjs
 *   pnpm --filter @dlcmp/tensorflow test:tfjs-suites PATH/tfjs layers
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [checkout, part, only = ''] = process.argv.slice(2);
if (!checkout || !['layers', 'converter', 'data'].includes(part)) {
  throw new Error('Usage: run.mjs CHECKOUT layers|converter|data [PART OF A NAME]');
}
const sources = resolve(checkout, `tfjs-${part}`, 'src');

const specFiles = readdirSync(sources, { recursive: true })
  .filter(
    (path) => path.endsWith('_test.ts') && !path.includes('webcam') && !path.includes('microphone'),
  )
  .map((path) => join(sources, path));

/** TensorFlow.js's packages as they lie in npm's, each once: the specs take parts of them by their paths. */
const resolvePackages = {
  name: 'resolve-packages',
  setup({ onResolve, onLoad }) {
    const fromTfjs = createRequire(require.resolve('@tensorflow/tfjs/package.json'));
    const folderOf = (name) => {
      const known = name.endsWith('tfjs-core') ? require : fromTfjs;
      return join(known.resolve(`${name}/package.json`), '..');
    };
    onResolve({ filter: /^@tensorflow\/tfjs-[a-z-]+(\/dist\/.*)?$/ }, ({ path }) => {
      const [, name, file = '/dist/index'] = path.match(/^(@tensorflow\/[a-z-]+)(\/.*)?$/);
      return { path: require.resolve(join(folderOf(name), file)) };
    });
    // What TensorFlow.js's own build generates is in npm's package.
    onResolve({ filter: /\/op_list\/|^tfjs-converter\/metadata\// }, ({ path }) => {
      const [, name = '', data = ''] = path.match(/op_list\/(.+)$|tfjs-converter\/(.+)$/) ?? [];
      const file = name ? `dist/operations/op_list/${name}.js` : data;
      return { path: join(folderOf('@tensorflow/tfjs-converter'), file) };
    });
    onResolve({ filter: /^tfjs-[a-z]+\/package\.json$/ }, ({ path }) => ({
      path: resolve(checkout, path),
    }));
    onResolve({ filter: /^[a-z@]/ }, ({ path, importer }) => {
      if (!importer.startsWith(resolve(checkout)) || path.startsWith('node:')) return undefined;
      for (const name of ['core', part]) {
        const own = createRequire(join(folderOf(`@tensorflow/tfjs-${name}`), 'package.json'));
        try {
          const found = own.resolve(path);
          return found === path ? { path, external: true } : { path: found };
        } catch {
          // The next one may have it.
        }
      }
      return undefined;
    });
    // Specs for one backend on a CPU are for this one as well.
    onLoad({ filter: /test_utils\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("testEnv.backendName === 'cpu'", 'true'),
      loader: 'ts',
    }));
  },
};

const entry = (backend) => `
  import * as tf from '@tensorflow/tfjs-core';
  import '@tensorflow/tfjs-backend-cpu';
  import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
  import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
  import '@tensorflow/tfjs-core/dist/register_all_gradients';
  import { registerTensorFlow } from '${here('../../src/register-tensorflow.ts')}';
  ${backend === 'tensorflow' ? 'registerTensorFlow(tf);' : ''}
  tf.setBackend('${backend}');
  setTestEnvs([{ name: 'test', backendName: '${backend}', flags: {}, isDataSync: true }]);
  ${specFiles.map((path) => `require(${JSON.stringify(path)});`).join('\n')}
`;

/** Names of the specs that fail. */
async function failuresOn(backend) {
  const bundle = here(`../../dist-test/tfjs-${part}-${backend}.cjs`);
  await build({
    stdin: { contents: entry(backend), resolveDir: here('.'), loader: 'ts' },
    ...{ outfile: bundle, bundle: true, platform: 'node', format: 'cjs', target: 'node20.9' },
    mainFields: ['module', 'main'],
    ignoreAnnotations: true,
    external: ['koffi'],
    plugins: [resolvePackages],
    tsconfigRaw: {
      compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false },
    },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
  });
  const run = spawnSync(process.execPath, [here('run-bundle.cjs'), bundle, only], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const line = run.stdout.split('\n').find((text) => text.startsWith('{"specs"'));
  if (!line) throw new Error(`The suite on ${backend} did not end: ${run.stdout.slice(-2000)}`);
  const { specs, failed } = JSON.parse(line);
  console.log(`${part} on ${backend}: ${specs} specs, ${Object.keys(failed).length} fail`);
  return failed;
}

const known = await failuresOn('cpu');
const failed = await failuresOn('tensorflow');
const own = Object.entries(failed).filter(([name]) => !(name in known));
for (const [name, reason] of own) console.log(`\n${name}\n  ${reason}`);
console.log(`\n${own.length} specs fail on native TensorFlow that pass on cpu.`);
process.exitCode = own.length > 0 ? 1 : 0;
