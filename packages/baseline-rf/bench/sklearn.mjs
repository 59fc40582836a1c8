// Holds this package's forest against scikit-learn's on the same images and threads, in turn.
//
//   pnpm --filter @dlcmp/baseline-rf bench:sklearn --train seg_train --test seg_test --rows 14000
//
// scikit-learn runs in the interpreter of DLCMP_PYTHON, else in python3.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { FEATURES, writeMatrix } from './image-matrix.mjs';
import { drawScaling } from './scaling-plot.mjs';
import { meanInterval, median } from './statistics.mjs';

const { values: options } = parseArgs({
  options: {
    /** Folder of training images, one folder a class. */
    train: { type: 'string' },
    /** Folder of test images. */
    test: { type: 'string' },
    /** Training rows; more than there are images: mirrored and cropped ones come in. */
    rows: { type: 'string' },
    /** Test rows. */
    'test-rows': { type: 'string' },
    threads: { type: 'string', default: '1,2' },
    trees: { type: 'string', default: '100' },
    /** How often each is fitted, each time with another seed. 0: not at all. */
    rounds: { type: 'string', default: '3' },
    /** Also fits on fewer rows and trees, and draws the times into this PNG file. */
    scaling: { type: 'string' },
  },
});
if (!options.train || !options.test) {
  console.error('Name the folders of images: --train DIR --test DIR (one folder a class).');
  process.exit(2);
}

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const runners = {
  'scikit-learn': [process.env.DLCMP_PYTHON ?? 'python3', here('fit_sklearn.py')],
  'baseline-rf': [process.execPath, here('fit-baseline.mjs')],
};
// pnpm runs scripts in the package; paths are meant from where it was called.
const callerDirectory = process.env.INIT_CWD ?? process.cwd();
const fromCaller = (path) => resolve(callerDirectory, path);
const directory = await mkdtemp(join(tmpdir(), 'baseline-rf-bench-'));

async function fit(name, settings) {
  const [command, script] = runners[name];
  const argument = JSON.stringify({ ...matrices, trees: Number(options.trees), ...settings });
  const { stdout } = await promisify(execFile)(command, [script, argument]);
  return JSON.parse(stdout);
}

const METRICS = ['fitSeconds', 'fitCpuSeconds', 'predictSeconds', 'peakMegabytes'];

/** Fits both in turn, `rounds` times; prints the medians and their ratios. */
async function compare(threads, rounds) {
  const results = { 'scikit-learn': [], 'baseline-rf': [] };
  for (let seed = 1; seed <= rounds; seed++) {
    for (const name of Object.keys(results)) {
      results[name].push(await fit(name, { threads, seed, rows: matrices.rows }));
    }
  }
  const middle = (name, metric) => median(results[name].map((result) => result[metric]));
  const spread = (name, metric) => {
    const values = results[name].map((result) => result[metric]);
    return `${round(Math.min(...values))}–${round(Math.max(...values))}`;
  };
  const table = METRICS.map((metric) => {
    const sklearn = middle('scikit-learn', metric);
    const baseline = middle('baseline-rf', metric);
    return {
      metric,
      sklearn: `${round(sklearn)} (${spread('scikit-learn', metric)})`,
      baseline: `${round(baseline)} (${spread('baseline-rf', metric)})`,
      ratio: round(sklearn / baseline),
    };
  });
  console.log(
    `\n${matrices.rows} rows, ${threads} threads, medians (and ranges) of ${rounds} rounds:`,
  );
  console.table(table);
  for (const rows of Object.values(results)) {
    const { mean, halfWidth } = meanInterval(rows.map(({ accuracy }) => 100 * accuracy));
    console.log(`${rows[0].version}: accuracy ${mean.toFixed(2)} % ± ${halfWidth.toFixed(2)}`);
  }
}

/** Times the fit on growing numbers of rows and of trees. */
async function measureScaling(threads, path) {
  const byRows = [];
  for (const share of [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1]) {
    byRows.push(await timeFits({ threads, rows: Math.round(matrices.rows * share) }));
  }
  const byTrees = [];
  for (const trees of [25, 50, 100, 200]) {
    byTrees.push(await timeFits({ threads, rows: matrices.rows, trees }));
  }
  console.table([...byRows, ...byTrees]);
  await writeFile(path, await drawScaling(byRows, byTrees));
}

async function timeFits(settings) {
  const times = [];
  for (let seed = 1; seed <= 3; seed++) {
    times.push((await fit('baseline-rf', { ...settings, seed })).fitSeconds);
  }
  return {
    rows: settings.rows,
    trees: settings.trees ?? Number(options.trees),
    seconds: round(Math.min(...times)),
  };
}

const round = (number) => Number(number.toPrecision(3));
const number = (text) => (text === undefined ? undefined : Number(text));

const matrices = {
  features: FEATURES,
  train: join(directory, 'train'),
  test: join(directory, 'test'),
};
try {
  matrices.rows = await writeMatrix(
    fromCaller(options.train),
    matrices.train,
    number(options.rows),
  );
  await writeMatrix(fromCaller(options.test), matrices.test, number(options['test-rows']));
  const threadCounts = options.threads.split(',').map(Number);
  const rounds = Number(options.rounds);
  for (const threads of rounds > 0 ? threadCounts : []) await compare(threads, rounds);
  if (options.scaling) await measureScaling(threadCounts[0], fromCaller(options.scaling));
} finally {
  await rm(directory, { recursive: true });
}
