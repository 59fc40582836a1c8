// Whether training on many images takes more memory, or longer a step, than on few: batches come from the file of pixels.
//
//   node tooling/bench/many-images.mjs [--contenders onnx:blocks,onnx:graph,tfjs:tuned] [--counts 2000,100000] [--image-size 150] [--steps 100]
//
// Each run is a process of its own, which trains on images drawn from the whole file. 100,000 images of 150×150 are a file of 6.75 GB.
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { createCnnOnnx } from '../../packages/cnn-onnx/dist/index.js';
import { createCnnTfjs } from '../../packages/cnn-tfjs/dist/index.js';
import { openPixelFile } from '../../packages/contract/dist/index.js';
import { median } from './median.mjs';

const ADAPTERS = { onnx: createCnnOnnx, tfjs: createCnnTfjs };
const CLASS_NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const BATCH_SIZE = 32;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    contenders: { type: 'string', default: 'onnx:blocks,onnx:graph,tfjs:tuned' },
    counts: { type: 'string', default: '2000,100000' },
    'image-size': { type: 'string', default: '150' },
    steps: { type: 'string', default: '100' },
  },
});
const side = Number(values['image-size']);
const steps = Number(values.steps);
if (positionals.length > 0) await measureOne(...positionals);
else await compare();

async function compare() {
  const counts = values.counts.split(',').map(Number);
  const directory = await mkdtemp(join(tmpdir(), 'dlcmp-many-images-'));
  try {
    const path = join(directory, 'pixels');
    await writeNoise(path, Math.max(...counts));
    for (const contender of values.contenders.split(',')) {
      for (const count of counts) console.log(await runAlone(contender, count, path));
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function writeNoise(path, count) {
  const stream = createWriteStream(path);
  const block = Uint8Array.from({ length: 100 * side * side * 3 }, () => Math.random() * 256);
  for (let written = 0; written < count; written += 100) {
    if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  await finished(stream);
}

async function runAlone(contender, count, path) {
  const options = ['--image-size', side, '--steps', steps];
  const arguments_ = [fileURLToPath(import.meta.url), contender, count, path, ...options];
  const { stdout } = await promisify(execFile)(process.execPath, arguments_.map(String));
  return stdout.trim();
}

async function measureOne(contender, countText, path) {
  const [name, engine] = contender.split(':');
  const count = Number(countText);
  const spec = { inputHeight: side, inputWidth: side, classNames: CLASS_NAMES, seed: 1 };
  const classifier = await ADAPTERS[name]().create(spec, { engine, threads: 2 });
  const pixels = openPixelFile(path, count, spec);
  const labels = Int32Array.from({ length: count }, (_, image) => image % CLASS_NAMES.length);
  const enough = new AbortController();
  const ends = [performance.now()];
  const onProgress = () => ends.push(performance.now()) > steps && enough.abort();
  const training = { epochs: 1000, batchSize: BATCH_SIZE, signal: enough.signal, onProgress };
  await classifier.fit({ pixels, labels, count }, training).catch((error) => {
    if (error.code !== 'ABORTED') throw error;
  });
  const taken = ends.slice(1).map((end, step) => end - ends[step]);
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  const pace = `${median(taken).toFixed(1)} ms a step (median of ${taken.length})`;
  console.log(`${contender} on ${count} images: ${mebibytes.toFixed(0)} MiB at most, ${pace}`);
  process.exit();
}
