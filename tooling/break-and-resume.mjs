/**
 * Shows that a bench which is killed and resumed ends with an unbroken one's results, in everything
 * but what a clock or a gauge said:
 *
 *     node tooling/break-and-resume.mjs --data data --limit 600 --epochs 2 --seeds 3 --out results/study
 *
 * Takes the options of `dlcmp bench`. Kills the run twice with SIGKILL, each time in the middle of a
 * trial, resumes it, and compares it with an unbroken run in OUT-unbroken, which is made where it is
 * missing. Exits 1 where they differ.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { differences } from './unmeasured-facts.mjs';

const bin = fileURLToPath(new URL('../apps/cli/dist/bin.js', import.meta.url));
const options = process.argv.slice(2);
const out = options[options.indexOf('--out') + 1];
if (!options.includes('--out') || !out) throw new Error('Give --out DIR, as to dlcmp bench.');
const unbroken = `${out}-unbroken`;

/** Starts a bench; `onTrial` hears the number of each trial that begins. */
function bench(args, onTrial = () => {}) {
  const child = spawn(process.execPath, [bin, 'bench', ...args, '--json', '--quiet'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const event of lines.map((line) => JSON.parse(line))) {
      if (event.event === 'trial-started') onTrial(event.position, child);
    }
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}

/** Kills the bench `afterSeconds` into the trial at `position`. */
async function killedAt(position, afterSeconds, args) {
  const ending = await bench(args, async (started, child) => {
    if (started !== position) return;
    await pause(afterSeconds * 1000);
    child.kill('SIGKILL');
  });
  if (ending.signal !== 'SIGKILL') throw new Error(`The bench ended before it was killed.`);
  console.log(`killed ${afterSeconds} s into trial ${position}: ${recorded()} trials are recorded`);
}

function read(directory) {
  return JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8'));
}

function recorded() {
  return read(out).trials.length;
}

if (!existsSync(join(unbroken, 'results.json'))) {
  const args = options.map((option) => (option === out ? unbroken : option));
  const { code } = await bench(args);
  if (code !== 0) throw new Error(`The unbroken run ended with ${code}.`);
}
rmSync(out, { recursive: true, force: true });
await killedAt(2, 5, options);
await killedAt(5, 7, [...options, '--resume']);
const { code } = await bench([...options, '--resume']);
if (code !== 0) throw new Error(`The resumed run ended with ${code}.`);
const { compared, differing } = differences(read(unbroken), read(out));
for (const path of differing.slice(0, 20)) console.log(`differs: ${path}`);
console.log(`${compared} values compared, ${differing.length} differ`);
process.exitCode = differing.length === 0 ? 0 : 1;
