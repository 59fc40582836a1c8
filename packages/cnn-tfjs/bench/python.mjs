// Holds this package on native TensorFlow against Keras, on the same TensorFlow library, and against PyTorch: the
// default network on real images, equal threads and batches.
//
//   pnpm --filter @dlcmp/cnn-tfjs bench:python --images seg_train/seg_train
//
// Every contender is a process that loads the images once. They take turns, round after round, so that what the
// machine does meanwhile meets all of them; each one's first turn warms it up and does not count. Printed are medians
// and ranges of images per second over the rounds, and the ratios of the medians.
//
// Keras and PyTorch run in the interpreter of DLCMP_PYTHON, else in python3. Whose TensorFlow it is, that one is
// loaded here as well, unless DLCMP_TENSORFLOW names another.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startContender } from './contender.mjs';
import { writePixels } from './real-images.mjs';
import { takeTurns } from './take-turns.mjs';

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
    /** Names of contenders, all unless given. */
    only: { type: 'string' },
  },
});
if (!options.images) {
  console.error('Name the folder of images: --images DIR (one folder a class).');
  process.exit(2);
}
const python = process.env.DLCMP_PYTHON ?? 'python3';

/** Has glibc keep freed memory for the next step, as this package does by itself. */
const KEEP_MEMORY = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '17179869184' };

/** What to run, in which environment. The first one is held against each of the others. */
const CONTENDERS = {
  'cnn-tfjs': { script: 'tfjs.mjs' },
  Keras: { script: 'keras.py' },
  'Keras, allocator tuned': { script: 'keras.py', environment: KEEP_MEMORY },
  'PyTorch as it comes': { script: 'pytorch.py', arguments: ['default'] },
  'PyTorch at its best': {
    script: 'pytorch.py',
    arguments: ['tuned'],
    environment: KEEP_MEMORY,
  },
};

const names = options.only?.split(',') ?? Object.keys(CONTENDERS);
const directory = await mkdtemp(join(tmpdir(), 'cnn-tfjs-bench-'));
const contenders = [];
try {
  // pnpm runs scripts in the package; paths are meant from where it was called.
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), options.images);
  const settings = {
    ...(await writePixels(folder, Number(options.count), join(directory, 'pixels'))),
    threads: Number(options.threads),
    batchSize: Number(options['batch-size']),
  };
  for (const name of names) {
    contenders.push({
      name,
      process: await startContender(CONTENDERS[name], settings, python, libraryOf(python)),
    });
  }
  for (const {
    name,
    process: { versions },
  } of contenders)
    console.log(`${name}: ${versions}`);
  for (const phase of options.phases.split(',')) {
    const batches = Number(options[phase === 'training' ? 'train-batches' : 'infer-batches']);
    await takeTurns(contenders, { ...settings, phase, batches, rounds: Number(options.rounds) });
  }
} finally {
  for (const { process: contender } of contenders) await contender.stop();
  await rm(directory, { recursive: true });
}

/** The folder of the interpreter's TensorFlow, or that which DLCMP_TENSORFLOW names. */
function libraryOf(interpreter) {
  if (process.env.DLCMP_TENSORFLOW) return process.env.DLCMP_TENSORFLOW;
  const find =
    "import importlib.util as u; print(u.find_spec('tensorflow').submodule_search_locations[0])";
  try {
    const stdio = ['ignore', 'pipe', 'ignore'];
    return execFileSync(interpreter, ['-c', find], { encoding: 'utf8', stdio }).trim();
  } catch {
    throw new Error(
      `${interpreter} has no TensorFlow. Name one that has keras, tensorflow and torch: DLCMP_PYTHON=/path/to/python`,
    );
  }
}
