// How fast WebAssembly trains and infers with this package's kernels, and with those that TensorFlow.js's WebAssembly
// backend ships: the default network on real images, in one run, one thread each, and all threads besides.
//
//   pnpm --filter @dlcmp/cnn-tfjs bench:wasm --images seg_train/seg_train
//
// The processes take turns, as in python.mjs. As shipped, the backend has no gradient of a convolution's filter: it
// gets one of the backend's own products (see contenders/wasm-stock.mjs).
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startContender } from './contender.mjs';
import { writePixels } from './real-images.mjs';
import { takeTurns } from './take-turns.mjs';

const { values: options } = parseArgs({
  options: {
    /** Folder of images, one folder a class. */
    images: { type: 'string' },
    'batch-size': { type: 'string', default: '32' },
    /** Turns of each contender that count; as shipped, one of a batch takes ten seconds. */
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
if (!options.images) {
  console.error('Name the folder of images: --images DIR (one folder a class).');
  process.exit(2);
}

const [batchSize, threads] = [Number(options['batch-size']), Number(options.threads)];
const directory = await mkdtemp(join(tmpdir(), 'cnn-tfjs-bench-'));
const contenders = [];
try {
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), options.images);
  const images = await writePixels(folder, 2 * batchSize, join(directory, 'pixels'));
  const start = async (name, script, count) => {
    const settings = { ...images, threads: count, batchSize };
    const contender = { script, arguments: ['wasm'] };
    contenders.push({ name, process: await startContender(contender, settings) });
  };
  await start('cnn-tfjs, 1 thread', 'tfjs.mjs', 1);
  await start('as shipped, 1 thread', 'wasm-stock.mjs', 1);
  if (threads > 1) await start(`cnn-tfjs, ${threads} threads`, 'tfjs.mjs', threads);
  for (const { name, process: contender } of contenders)
    console.log(`${name}: ${contender.versions}`);
  for (const phase of ['training', 'inference']) {
    const rounds = Number(options.rounds);
    await takeTurns(contenders, {
      phase,
      batches: 1,
      rounds,
      threads: `1 to ${threads}`,
      batchSize,
    });
  }
} finally {
  for (const { process: contender } of contenders) await contender.stop();
  await rm(directory, { recursive: true });
}
