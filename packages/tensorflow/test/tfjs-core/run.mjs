/**
 * Runs TensorFlow.js core's own test suite on the native backend: every spec that tfjs-node itself runs.
 * Where tfjs-node says which it leaves out, `dist/run_tests.js`, is read, not repeated here.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const bundle = here('../../dist-test/tfjs-core-suite.cjs');

/** Parts of the names of specs that tfjs-node does not run. */
function excludedNames() {
  const tfjsNode = require.resolve('@tensorflow/tfjs-node/package.json');
  const source = readFileSync(join(tfjsNode, '../dist/run_tests.js'), 'utf8');
  const list = source.match(/IGNORE_LIST = (\[[\s\S]*?\n\]);/)?.[1];
  if (!list) throw new Error("tfjs-node's run_tests.js has no IGNORE_LIST: look for its new form.");
  return new Function(`return ${list}`)();
}

await build({
  entryPoints: [here('suite.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.9',
  mainFields: ['module', 'main'],
  // The suite's files say that they have no side effects; they register tests.
  ignoreAnnotations: true,
  external: ['koffi'],
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
  logLevel: 'error',
});

const Jasmine = require('jasmine');
const runner = new Jasmine();
runner.loadConfig({ random: false });
require(bundle);
// Only a spec that hangs takes so long. The bundle has a copy of jasmine's own, which sets another limit.
runner.jasmine.DEFAULT_TIMEOUT_INTERVAL = 300_000;
const excluded = excludedNames();
const only = process.argv[2] ?? '';
runner.env.configure({
  specFilter: (spec) => {
    const name = spec.getFullName();
    return name.includes(only) && !excluded.some((part) => name.includes(part));
  },
});
await runner.execute();
