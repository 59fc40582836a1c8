import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { namedNetwork } from '../../packages/contract/dist/index.js';
import { writePixels } from './bench-images.mjs';
import { startContender } from './contender.mjs';
import { takeTurns } from './take-turns.mjs';

/** The command line of every such benchmark. */
const OPTIONS = {
  /** An image folder with its splits, or one folder a class. Default: see `writePixels`. */
  images: { type: 'string' },
  /** Images that are loaded. */
  count: { type: 'string', default: '320' },
  /** Side of the images, in pixels. */
  'image-size': { type: 'string', default: '150' },
  /** Name of a network, for contenders that compute others than the default one. */
  network: { type: 'string', default: 'simple-cnn' },
  threads: { type: 'string', default: '2' },
  'batch-size': { type: 'string', default: '32' },
  /** Turns of each contender that count. */
  rounds: { type: 'string', default: '5' },
  /** Batches in a turn. */
  'train-batches': { type: 'string', default: '5' },
  'infer-batches': { type: 'string', default: '10' },
  phases: { type: 'string', default: 'training,inference' },
  /** Names of contenders, with commas between. Default: all. */
  only: { type: 'string' },
};

/**
 * Reads the command line of a benchmark.
 *
 * @param defaults in place of the usual ones
 * @param more options of this one alone, as `parseArgs` takes them
 */
export function benchOptions(defaults = {}, more = {}) {
  const changed = Object.entries(defaults).map(([name, value]) => [
    name,
    { type: 'string', default: value },
  ]);
  return parseArgs({ options: { ...OPTIONS, ...Object.fromEntries(changed), ...more } }).values;
}

/**
 * Holds programs that compute one network against each other. Every contender is a process that loads the
 * images once. They take turns, round after round, so that what the machine does meanwhile meets all of them; each
 * one's first turn warms it up and does not count. Prints medians and ranges of images per second over the rounds, and
 * the ratios of the medians.
 *
 * @param contenders by name, as `startContender` takes them; `threads` where it is not that of the command line. The
 *   first one is held against each of the others.
 */
export async function compareContenders(contenders, options) {
  const chosen = chooseContenders(contenders, options.only);
  const directory = await mkdtemp(join(tmpdir(), 'dlcmp-bench-'));
  const started = [];
  try {
    const settings = await benchSettings(directory, options);
    console.log(settings.description);
    for (const [name, contender] of chosen) {
      const { threads = settings.threads } = contender;
      const process = await startContender(contender, { ...settings, threads });
      started.push({ name, threads, process });
      console.log(`${name}: ${process.versions}`);
    }
    for (const phase of options.phases.split(',')) {
      const batches = Number(options[phase === 'training' ? 'train-batches' : 'infer-batches']);
      await takeTurns(started, { ...settings, phase, batches, rounds: Number(options.rounds) });
    }
  } finally {
    for (const { process } of started) await process.stop();
    await rm(directory, { recursive: true });
  }
}

function chooseContenders(contenders, only) {
  const names = only?.split(',') ?? Object.keys(contenders);
  const unknown = names.filter((name) => !contenders[name]);
  if (unknown.length > 0) {
    console.error(
      `--only: there is no contender "${unknown.join('", "')}". There are: ${Object.keys(contenders).join(', ')}.`,
    );
    process.exit(2);
  }
  return names.map((name) => [name, contenders[name]]);
}

async function benchSettings(directory, options) {
  // pnpm runs scripts in the package; paths are meant from where it was called.
  const folder = options.images && resolve(process.env.INIT_CWD ?? '.', options.images);
  const images = await writePixels(
    ...[folder, Number(options.count), join(directory, 'pixels'), Number(options['image-size'])],
  );
  return {
    ...images,
    description: `${options.network}, ${images.description}`,
    network: namedNetwork(options.network),
    threads: Number(options.threads),
    batchSize: Number(options['batch-size']),
  };
}
