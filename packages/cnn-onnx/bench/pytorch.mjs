// Holds this package against PyTorch on the same cores: the default network on real images, equal threads and batches.
//
//   pnpm --filter @dlcmp/cnn-onnx bench:pytorch --images seg_train/seg_train [--threads 1] [--batch-size 1]
//
// Processes take turns, round after round; see ../../cnn-tfjs/bench/python.mjs, whose contenders these are. PyTorch runs
// in the interpreter of DLCMP_PYTHON, else in python3, as it comes and at its best: channels last, fused Adam, and an
// allocator that keeps freed memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startContender } from '../../cnn-tfjs/bench/contender.mjs';
import { writePixels } from '../../cnn-tfjs/bench/real-images.mjs';
import { takeTurns } from '../../cnn-tfjs/bench/take-turns.mjs';

const { values: options } = parseArgs({
  options: {
    /** Folder of images, one folder a class. */
    images: { type: 'string' },
    count: { type: 'string', default: '320' },
    threads: { type: 'string', default: '2' },
    'batch-size': { type: 'string', default: '32' },
    /** Turns of each contender that count. */
    rounds: { type: 'string', default: '5' },
    /** Batches in a turn. */
    'train-batches': { type: 'string', default: '5' },
    'infer-batches': { type: 'string', default: '10' },
    phases: { type: 'string', default: 'training,inference' },
  },
});
if (!options.images) {
  console.error('Name the folder of images: --images DIR (one folder a class).');
  process.exit(2);
}
const KEEP_MEMORY = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '17179869184' };

/** The first one is held against each of the others. */
const CONTENDERS = {
  'cnn-onnx': { script: new URL('contenders/cnn-onnx.mjs', import.meta.url) },
  'PyTorch as it comes': { script: 'pytorch.py', arguments: ['default'] },
  'PyTorch at its best': { script: 'pytorch.py', arguments: ['tuned'], environment: KEEP_MEMORY },
};

const directory = await mkdtemp(join(tmpdir(), 'cnn-onnx-bench-'));
const contenders = [];
try {
  // pnpm runs scripts in the package; paths are meant from where it was called.
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), options.images);
  const settings = {
    ...(await writePixels(folder, Number(options.count), join(directory, 'pixels'))),
    threads: Number(options.threads),
    batchSize: Number(options['batch-size']),
  };
  const python = process.env.DLCMP_PYTHON ?? 'python3';
  for (const [name, contender] of Object.entries(CONTENDERS)) {
    contenders.push({ name, process: await startContender(contender, settings, python) });
  }
  for (const { name, process: contender } of contenders) {
    console.log(`${name}: ${contender.versions}`);
  }
  for (const phase of options.phases.split(',')) {
    const batches = Number(options[phase === 'training' ? 'train-batches' : 'infer-batches']);
    await takeTurns(contenders, { ...settings, phase, batches, rounds: Number(options.rounds) });
  }
} finally {
  for (const { process: contender } of contenders) await contender.stop();
  await rm(directory, { recursive: true });
}
