/**
 * Benches honest contenders at sizes of 48, 64 and 150 pixels with last batches of 1, 7 and 31 images, and prints each check that
 * failed and the largest figure per check. Nothing may fail. Takes a quarter of an hour on two quiet cores.
 *
 *     pnpm build && node tooling/check-honest-runs.mjs --data PATH [--contenders onnx:graph,…] [--sizes 48,64,150] [--lasts 1,7,31]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    contenders: { type: 'string', default: 'rf,onnx:graph,onnx:blocks,tfjs:stock,tfjs:tuned' },
    sizes: { type: 'string', default: '48,64,150' },
    lasts: { type: 'string', default: '1,7,31' },
  },
});
const program = fileURLToPath(new URL('../apps/cli/dist/bin.js', import.meta.url));
const WHOLE_BATCHES = 6;
const BATCH_SIZE = 32;

function bench(size, last) {
  const out = join(mkdtempSync(join(tmpdir(), 'dlcmp-honest-')), 'run');
  const limit = WHOLE_BATCHES * BATCH_SIZE + Number(last);
  const { status } = spawnSync(
    process.execPath,
    [
      ...[program, 'bench', '--quiet', '--data', values.data, '--contenders', values.contenders],
      ...['--image-size', size, '--limit', String(limit), '--batch-size', String(BATCH_SIZE)],
      ...['--epochs', '2', '--seeds', '1', '--out', out],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const { trials } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
  console.log(`${size} pixels, last batch ${last}: exit ${status}`);
  return trials;
}

const largest = new Map();
let runs = 0;
for (const size of values.sizes.split(',')) {
  for (const last of values.lasts.split(',')) {
    for (const { adapter, backend, checks = [], error } of bench(size, last)) {
      runs++;
      if (error) console.log(`  ${adapter}:${backend} failed: ${error.message}`);
      for (const { id, passed, figure, limit, detail } of checks) {
        if (!passed)
          console.log(`  ${adapter}:${backend} ${id} ${figure} > ${limit} ${detail ?? ''}`);
        const known = largest.get(id);
        if (known === undefined || figure / limit > known.figure / known.limit) {
          largest.set(id, {
            figure,
            limit,
            where: `${adapter}:${backend}, ${size} px, last ${last}`,
          });
        }
      }
    }
  }
}
console.log(`\nLargest of ${runs} trials:`);
for (const [id, { figure, limit, where }] of largest) {
  console.log(`  ${id.padEnd(20)} ${figure?.toPrecision(3)} of ${limit} (${where})`);
}
