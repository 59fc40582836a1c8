/**
 * How the memory of a process grows over thousands of calls, with and without turns of the event loop: the slope of a line through
 * 50 samples, each after a collection of garbage, with its 95 % interval. As many calls go before, in which compilers and allocators
 * find their size. Ten minutes:
 *
 *   pnpm --filter @dlcmp/tensorflow build && pnpm --filter @dlcmp/tensorflow test:memory
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CALLS = { predict: 10_000, decodeImage: 10_000, trainOnBatch: 2000, fit: 2000 };
const SAMPLES = 50;
/** Student's t for 48 degrees of freedom. */
const T_95 = 2.011;
/** What the system counts by pages: 2.5 MB in 10,000 calls. */
const LIMIT_BYTES = 256;

const [task, turns] = process.argv.slice(2);
if (task) console.log(JSON.stringify(await sample(task, turns === 'turns')));
else measureAll();

/** Resident bytes at 50 calls. */
async function sample(name, hasTurns) {
  const { TASKS } = await import('./tasks.mjs');
  const [calls, samples] = [CALLS[name], []];
  const step = calls / SAMPLES;
  for (let call = 1 - calls; call <= calls; call++) {
    await TASKS[name]();
    if (hasTurns) await new Promise(setImmediate);
    if (call <= 0 || call % step !== 0) continue;
    globalThis.gc();
    samples.push([call, process.memoryUsage.rss()]);
  }
  return samples;
}

function measureAll() {
  console.log('task          turns    calls   bytes a call (95 %)');
  for (const name of Object.keys(CALLS)) {
    for (const turns of ['none', 'turns']) {
      const args = ['--expose-gc', fileURLToPath(import.meta.url), name, turns];
      const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
      const [slope, error] = slopeOf(JSON.parse(output.trim().split('\n').pop()));
      const isFlat = slope - error <= LIMIT_BYTES;
      if (!isFlat) process.exitCode = 1;
      const figures = `${slope.toFixed(0)} ± ${error.toFixed(0)}${isFlat ? '' : '  GROWS'}`;
      console.log(
        [name.padEnd(14), turns.padEnd(7), String(CALLS[name]).padEnd(8), figures].join(''),
      );
    }
  }
}

/** Least squares: the slope, and half of its interval. */
function slopeOf(samples) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(samples.map(([call]) => call)), mean(samples.map(([, bytes]) => bytes))];
  const spread = samples.reduce((sum, [call]) => sum + (call - x) ** 2, 0);
  const slope = samples.reduce((sum, [call, bytes]) => sum + (call - x) * (bytes - y), 0) / spread;
  const rest = samples.reduce(
    (sum, [call, bytes]) => sum + (bytes - y - slope * (call - x)) ** 2,
    0,
  );
  return [slope, T_95 * Math.sqrt(rest / (samples.length - 2) / spread)];
}
