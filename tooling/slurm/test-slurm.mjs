/**
 * Holds `bench --runner slurm` against a real Slurm: a controller and two nodes on loopback. `pnpm test:slurm`, as root; needs
 * Debian's slurmctld, slurmd, slurm-client and munge.
 *
 * 1. A study of six blocks whose watcher is killed in the middle and started again ends complete.
 * 2. One whose node dies in the middle of a block ends complete, nothing twice.
 * 3. No two blocks overlap on a node.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startCluster } from './small-cluster.mjs';

const bin = fileURLToPath(new URL('../../apps/cli/dist/bin.js', import.meta.url));
const study = ['bench', '--contenders', 'rf', '--data', 'sample', '--limit', '24'];
const options = [...study, '--seeds', '6', '--threads', '1'];
const folder = mkdtempSync(join(tmpdir(), 'dlcmp-test-slurm-'));
const cluster = await startCluster();
const outputs = [];
const children = new Set();
let passed = 0;

function dlcmp(args) {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { ...cluster.env, XDG_CACHE_HOME: folder, DLCMP_NO_SETUP: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  outputs.push(() => `$ dlcmp ${args.join(' ')}\n${output}`);
  const ended = new Promise((resolve) => {
    child.once('close', (code) => {
      children.delete(child);
      resolve({ code, output });
    });
  });
  return { child, ended };
}

const onSlurm = (out) => dlcmp([...options, '--runner', 'slurm', '--out', out]);

function results(out) {
  return JSON.parse(readFileSync(join(folder, out, 'results.json'), 'utf8'));
}

/** Every attempt at a block, with what it wrote. */
function attempts(out) {
  const blocks = join(folder, out, 'blocks');
  if (!existsSync(blocks)) return [];
  return readdirSync(blocks, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: block }) =>
      readdirSync(join(blocks, block)).map((name) => {
        const path = join(blocks, block, name, 'events.jsonl');
        const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
        const events = lines.slice(0, -1).map((line) => JSON.parse(line));
        const find = (event) => events.find((each) => each.event === event);
        return {
          block,
          started: find('run-started'),
          trial: find('trial-started'),
          finished: find('finished'),
        };
      }),
    );
}

/** Patient: a block takes seconds, and minutes on a machine that has other work. */
async function until(what, condition, seconds = 300) {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const value = condition();
    if (value) return value;
    assert.ok(performance.now() < end, `It took more than ${seconds} s until ${what}.`);
    await pause(100);
  }
}

function assertComplete(out, { code, output }) {
  assert.equal(code, 0, output);
  const { trials, shard } = results(out);
  assert.equal(shard, undefined);
  assert.deepEqual(
    trials.map(({ seed }) => seed),
    [1, 2, 3, 4, 5, 6],
  );
  assert.ok(trials.every(({ status }) => status === 'completed'));
}

/** From the blocks' own clocks. Both nodes took part, a node that was killed to the moment of it. */
function assertNoOverlap(out, killedAt) {
  const spans = attempts(out).flatMap(({ started, finished }) =>
    started ? [{ node: started.machine, from: started.at, to: finished?.at ?? killedAt }] : [],
  );
  assert.deepEqual([...new Set(spans.map(({ node }) => node))].sort(), ['node1', 'node2']);
  for (const [at, one] of spans.entries()) {
    for (const other of spans.slice(at + 1)) {
      const apart = one.node !== other.node || one.to <= other.from || other.to <= one.from;
      assert.ok(apart, `Two blocks at a time on ${one.node}.`);
    }
  }
}

async function test(name, body) {
  const start = performance.now();
  await body();
  passed++;
  console.log(`✓ ${name} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
}

try {
  await test('six blocks, the watcher killed and started again, end complete', async () => {
    const first = onSlurm('watched');
    await until('a block was done', () => attempts('watched').some(({ finished }) => finished));
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await onSlurm('watched').ended;
    assert.match(second.output, /Array \d+ of this study is in Slurm's queue/);
    assert.match(second.output, /6 of 6 blocks done/);
    assertComplete('watched', second);
    assert.equal(attempts('watched').length, 6);
    assertNoOverlap('watched');
  });

  await test('six blocks, a node lost in the middle of one, end complete and nothing twice', async () => {
    const run = onSlurm('lost');
    const isBusy = ({ started, trial, finished }) =>
      started?.machine === 'node2' && trial && !finished;
    const { block } = await until('node2 had a trial', () => attempts('lost').find(isBusy));
    assert.ok(cluster.killNode('node2') > 2, 'The node had a step, and the step a task.');
    const killedAt = new Date().toISOString();
    cluster.startNode('node2');
    const ended = await run.ended;
    assertComplete('lost', ended);
    const tries = attempts('lost').filter((each) => each.block === block);
    assert.deepEqual(
      tries.map(({ finished }) => finished !== undefined),
      [false, true],
    );
    assertNoOverlap('lost', killedAt);
  });

  await test('what is wrong is said before anything is submitted', async () => {
    const other = await dlcmp([...options, '--epochs', '9', '--runner', 'slurm', '--out', 'lost'])
      .ended;
    assert.equal(other.code, 2);
    assert.match(other.output, /holds another study/);
    const refused = [...options, '--runner', 'slurm', '--slurm-option', '--partition=none'];
    const { code, output } = await dlcmp([...refused, '--out', 'refused']).ended;
    assert.equal(code, 2);
    assert.match(output, /sbatch refused the study: .*partition.*--slurm-option/i);
  });
  console.log(`${passed} passed, 0 failed`);
} catch (error) {
  for (const output of outputs) console.error(output());
  throw error;
} finally {
  for (const child of children) child.kill('SIGKILL');
  cluster.stop();
  // What was just killed may still write: a folder that stays must not hide why a test failed.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}
