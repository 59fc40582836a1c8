/**
 * How the memory of a process grows over thousands of calls, with and without turns of the event loop: the median of the slopes
 * between any two of 50 samples, each after a collection of garbage (Theil and Sen's estimate), so that a single page of 2 MB more
 * is no slope. As many calls go before, in which compilers and allocators find their size. Ten minutes:
 *
 * The machine should do nothing else: where it runs short of memory, the system takes pages back.
 *
 *   pnpm --filter @dlcmp/tensorflow build && pnpm --filter @dlcmp/tensorflow test:memory
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CALLS = { predict: 10_000, decodeImage: 10_000, trainOnBatch: 2000, fit: 2000 };
const SAMPLES = 50;
/** Beyond it a loop of a million calls would take 64 MB. */
const LIMIT_BYTES = 64;

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
  console.log('task          turns    calls   bytes a call   MB from first to last');
  for (const name of Object.keys(CALLS)) {
    for (const turns of ['none', 'turns']) {
      const args = ['--expose-gc', fileURLToPath(import.meta.url), name, turns];
      const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
      const samples = JSON.parse(output.trim().split('\n').pop());
      const slope = medianSlope(samples);
      const growth = (samples.at(-1)[1] - samples[0][1]) / 2 ** 20;
      const isFlat = slope <= LIMIT_BYTES;
      if (!isFlat) process.exitCode = 1;
      const columns = [name.padEnd(14), turns.padEnd(9), String(CALLS[name]).padEnd(8)];
      const figures = [slope.toFixed(0).padEnd(15), growth.toFixed(1), isFlat ? '' : '  GROWS'];
      console.log([...columns, ...figures].join(''));
    }
  }
}

function medianSlope(samples) {
  const slopes = samples.flatMap(([call, bytes], index) =>
    samples.slice(index + 1).map(([later, more]) => (more - bytes) / (later - call)),
  );
  return slopes.sort((a, b) => a - b)[Math.floor(slopes.length / 2)];
}
