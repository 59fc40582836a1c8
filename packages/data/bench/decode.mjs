/**
 * What decoding costs beside Pillow, by turns on the same files, each time in a process of its own:
 *
 *     DLCMP_PYTHON=/path/to/python pnpm --filter @dlcmp/data bench:decode FOLDER
 *          [--sizes 150,64] [--limit 1200] [--rounds 9] [--concurrency 2]
 *
 * FOLDER and all folders in it are looked through for images; the Python has Pillow and NumPy. Prints processor seconds
 * of both (user and system, all threads, from the first file to the last pixel in memory; neither language's start
 * counts) as medians with their range, and the ratio of the medians with that of the pairs. Nothing is cached.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { listImages, loadImages } from '../dist/index.js';

const text = (value) => ({ type: 'string', default: value });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: text('150,64'),
    limit: text('1200'),
    rounds: text('9'),
    concurrency: text('2'),
    one: { type: 'string' },
  },
});
const python = process.env.DLCMP_PYTHON;
if (positionals.length !== 1 || !python) {
  console.error('Usage: DLCMP_PYTHON=/path/to/python bench:decode FOLDER [--sizes 150,64] …');
  process.exit(2);
}
const [folder] = positionals;
const files = await everyNth(folder, Number(values.limit));
if (values.one === undefined) compare();
else await decodeOnce(Number(values.one));

/** At most `limit` images, evenly from all folders. */
async function everyNth(root, limit) {
  const all = await listImages([root]);
  const step = Math.max(1, all.length / limit);
  const count = Math.min(limit, all.length);
  return Array.from({ length: count }, (_, index) => all[Math.floor(index * step)]);
}

function compare() {
  for (const size of values.sizes.split(',')) {
    const pairs = Array.from({ length: Number(values.rounds) }, () => ({
      ours: cpuSecondsOf(process.execPath, [
        ...[fileURLToPath(import.meta.url), folder, '--one', size],
        ...['--limit', values.limit, '--concurrency', values.concurrency],
      ]),
      pillow: cpuSecondsOf(
        python,
        [fileURLToPath(new URL('decode_pillow.py', import.meta.url)), size],
        files.map(({ path }) => path).join('\n'),
      ),
    }));
    const ours = sorted(pairs.map((pair) => pair.ours));
    const pillow = sorted(pairs.map((pair) => pair.pillow));
    const ratios = sorted(pairs.map((pair) => pair.ours / pair.pillow));
    console.log(`${files.length} images at ${size}×${size}, ${pairs.length} rounds`);
    console.log(`  @dlcmp/data  ${describe(ours)} s of processor time`);
    console.log(`  Pillow       ${describe(pillow)} s`);
    console.log(`  ratio        ${(median(ours) / median(pillow)).toFixed(2)} (${range(ratios)})`);
  }
}

function cpuSecondsOf(command, args, input) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', input });
  if (status !== 0) throw new Error(`${command} fails: ${stderr}`);
  return Number(stdout);
}

async function decodeOnce(side) {
  const labelled = files.map((file) => ({ ...file, label: 0 }));
  const before = process.cpuUsage();
  await loadImages(labelled, {
    height: side,
    width: side,
    concurrency: Number(values.concurrency),
    cacheDirectory: false,
    onBadImage: 'skip',
  });
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1e6);
}

function sorted(numbers) {
  return numbers.sort((left, right) => left - right);
}

function median(ascending) {
  const middle = (ascending.length - 1) / 2;
  return (ascending[Math.floor(middle)] + ascending[Math.ceil(middle)]) / 2;
}

function range(ascending) {
  return `${ascending[0].toFixed(2)}–${ascending.at(-1).toFixed(2)}`;
}

function describe(ascending) {
  return `${median(ascending).toFixed(3)} (${range(ascending)})`;
}
