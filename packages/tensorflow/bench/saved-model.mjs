// How fast a SavedModel of Keras or TensorFlow infers on native TensorFlow: images per second in batches of 32, and
// milliseconds for one image.
//
//   pnpm --filter @dlcmp/tensorflow bench:saved-model --model DIR [--threads 2] [--seconds 10]
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median, range } from '../../../tooling/bench/median.mjs';
import { loadSavedModel } from '../dist/index.js';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    threads: { type: 'string' },
    /** For how long each of the two is measured. */
    seconds: { type: 'string', default: '10' },
  },
});
if (!options.model) {
  console.error('Name the SavedModel: --model DIR (as Keras exports it by model.export).');
  process.exit(2);
}

const model = await loadSavedModel(resolve(process.env.INIT_CWD ?? '.', options.model), {
  threads: options.threads && Number(options.threads),
});
const bytes = model.inputHeight * model.inputWidth * 3;

/** Seconds of each prediction of `count` images, without the first three. */
async function measure(count) {
  const pixels = Uint8Array.from({ length: count * bytes }, (_, i) => (i * 31) % 251);
  const times = [];
  const end = performance.now() + 1000 * Number(options.seconds);
  while (performance.now() < end || times.length < 6) {
    const start = performance.now();
    await model.predict(pixels, count);
    times.push((performance.now() - start) / 1000);
  }
  return times.slice(3);
}

const rates = (await measure(32)).map((seconds) => 32 / seconds);
console.log(`batches of 32: ${median(rates).toFixed(1)} images/s (${range(rates)})`);
const latencies = (await measure(1)).map((seconds) => 1000 * seconds);
console.log(`one image: ${median(latencies).toFixed(2)} ms (${range(latencies)})`);
await model.dispose();
