/**
 * How the memory of a process grows over thousands of calls, with and without turns of the event loop: growth with its 99%
 * interval, as a soak of dlcmp's gives it (docs/method.md), of 100 samples, each after a collection of garbage. As many calls go
 * before, in which compilers and allocators find their size. An interval above 0 has failed. Ten minutes:
 *
 * The machine should do nothing else: where it runs short of memory, the system takes pages back.
 *
 *   pnpm --filter @dlcmp/tensorflow build && pnpm --filter @dlcmp/tensorflow test:memory
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { growthOf, isGrowing } from '@dlcmp/bench-core/results';

const CALLS = { predict: 10_000, decodeImage: 10_000, trainOnBatch: 2000, fit: 2000 };
const SAMPLES = 100;
/** A page of V8's heap: by as much a process moves by itself. */
const RESOLUTION_BYTES = 2 ** 18;

const [task, turns] = process.argv.slice(2);
if (task) console.log(JSON.stringify(await sample(task, turns === 'turns')));
else measureAll();

/** Resident bytes after a hundred of the calls. */
async function sample(name, hasTurns) {
  const { TASKS } = await import('./tasks.mjs');
  const [calls, samples] = [CALLS[name], []];
  const step = calls / SAMPLES;
  for (let call = 1 - calls; call <= calls; call++) {
    await TASKS[name]();
    if (hasTurns) await new Promise(setImmediate);
    if (call <= 0 || call % step !== 0) continue;
    globalThis.gc();
    samples.push({ at: call, value: process.memoryUsage.rss() });
  }
  return samples;
}

function measureAll() {
  console.log('task          turns    calls   bytes a call           MB from first to last');
  for (const name of Object.keys(CALLS)) {
    for (const turns of ['none', 'turns']) {
      const args = ['--expose-gc', fileURLToPath(import.meta.url), name, turns];
      const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
      const samples = JSON.parse(output.trim().split('\n').pop());
      const growth = growthOf(samples, RESOLUTION_BYTES);
      const megabytes = (samples.at(-1).value - samples[0].value) / 2 ** 20;
      const { perUnit, low, high } = growth;
      if (isGrowing(growth)) process.exitCode = 1;
      const interval = `${perUnit.toFixed(0)} [${low.toFixed(0)}, ${high.toFixed(0)}]`;
      const columns = [name.padEnd(14), turns.padEnd(9), String(CALLS[name]).padEnd(8)];
      const figures = [
        interval.padEnd(23),
        megabytes.toFixed(1),
        isGrowing(growth) ? '  GROWS' : '',
      ];
      console.log([...columns, ...figures].join(''));
    }
  }
}
