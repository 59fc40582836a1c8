import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CnnAdapter, simpleCnn } from '@dlcmp/contract';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GatePlan } from '../../src/parity/gate/gate-plan';
import type { SelectedAdapter, TrialImages } from '../../src/run/bench-plan';
import { codeFiles } from '../../src/run/code-files';
import { gateCacheIn } from '../../src/run/gate-cache';
import { gateFingerprint } from '../../src/run/gate-fingerprint';
import { runBench } from '../../src/run/run-bench';
import { exampleResults } from '../results/example-results';
import { fakePlan, fakeRun } from './fake-run';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-gate-cache-'));
  await write(
    'adapter/package.json',
    '{ "name": "@scene/adapter", "dependencies": { "@scene/core": "1", "other": "1" } }',
  );
  await write('adapter/dist/index.mjs', 'export const create = 1;');
  await write('adapter/src/index.ts', 'source');
  await write('adapter/node_modules/@scene/core/package.json', '{ "name": "@scene/core" }');
  await write('adapter/node_modules/@scene/core/dist/core.mjs', 'core');
  await write('adapter/node_modules/other/package.json', '{ "name": "other", "version": "1.0.0" }');
  await write('adapter/node_modules/other/index.js', 'other');
  await write('peer/peer.json', '{}');
  await write('python/peer.py', 'import model');
  await write('python/model.py', 'model');
  await write('train.pixels', 'pixels');
  await write('test.pixels', 'pixels');
});

afterEach(() => rm(directory, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  const path = join(directory, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
}

const moduleUrl = () => pathToFileURL(join(directory, 'adapter/dist/index.mjs')).href;
const peer = () => ({
  directory: join(directory, 'peer'),
  command: ['{python}', '../python/peer.py'],
});

const spec = {
  inputHeight: 8,
  inputWidth: 8,
  classNames: ['a', 'b'],
  seed: 1,
  network: simpleCnn(),
};
const gate: GatePlan = {
  ...{ spec, backend: 'cpu', threads: 1, training: { learningRate: 1e-3 }, batchSize: 8 },
  ...{ trainCount: 20, testCount: 9, gradientCount: 8 },
};

function images(): TrialImages {
  const file = (name: string) => ({
    pixelsPath: join(directory, name),
    labels: Int32Array.of(0, 1),
    count: 2,
  });
  return { size: spec, train: file('train.pixels'), test: file('test.pixels') };
}

function contender(version = '1'): SelectedAdapter {
  const probe = async () => [
    { name: 'cpu', available: true, device: 'CPU', versions: { library: version } },
  ];
  return {
    adapter: { id: 'scene', family: 'cnn', probe } as unknown as CnnAdapter,
    ...{ backend: 'cpu', title: 'Scene', contender: 'scene' },
    reference: { moduleUrl: moduleUrl(), factory: 'create', options: peer() },
  };
}

const fingerprint = (plan = gate, who = contender(), tf32 = false) =>
  gateFingerprint(plan, images(), [who], tf32);

describe('codeFiles', () => {
  it('are those that run: the package, its scope, the manifests of others, and a peer’s folders', async () => {
    const files = await codeFiles(moduleUrl(), peer());
    const names = files.map((path) => path.slice(directory.length + 1));
    expect(names).toEqual([
      'adapter/dist/index.mjs',
      'adapter/node_modules/@scene/core/dist/core.mjs',
      'adapter/node_modules/@scene/core/package.json',
      'adapter/node_modules/other/package.json',
      'adapter/package.json',
      'peer/peer.json',
      'python/model.py',
      'python/peer.py',
    ]);
  });
});

describe('the fingerprint', () => {
  it('is the same while nothing changes', async () => {
    expect(await fingerprint()).toBe(await fingerprint());
  });

  it.each([
    ['adapter/dist/index.mjs', 'export const create = 2;'],
    ['adapter/node_modules/@scene/core/dist/core.mjs', 'another core'],
    ['adapter/node_modules/other/package.json', '{ "name": "other", "version": "1.0.1" }'],
    ['python/model.py', 'another model'],
    ['train.pixels', 'pixelS'],
  ])('changes with %s', async (name, text) => {
    const before = await fingerprint();
    await write(name, text);
    expect(await fingerprint()).not.toBe(before);
  });

  it.each<[string, () => Promise<string>]>([
    ['the rate', () => fingerprint({ ...gate, training: { learningRate: 2e-3 } })],
    ['threads', () => fingerprint({ ...gate, threads: 2 })],
    ['a version', () => fingerprint(gate, contender('2'))],
    ['TF32', () => fingerprint(gate, contender(), true)],
    [
      'initial weights',
      () => {
        const bias = { shape: [1], data: Float32Array.of(1) };
        return fingerprint({ ...gate, spec: { ...spec, initialWeights: { bias } } });
      },
    ],
    [
      'one value of them',
      () => {
        const bias = { shape: [1], data: Float32Array.of(2) };
        return fingerprint({ ...gate, spec: { ...spec, initialWeights: { bias } } });
      },
    ],
    [
      'the environment',
      async () => {
        process.env.DLCMP_SOMETHING = '1';
        const found = await fingerprint();
        delete process.env.DLCMP_SOMETHING;
        return found;
      },
    ],
  ])('changes with %s', async (_, changed) => {
    seen.add(await fingerprint());
    const found = await changed();
    expect(seen.has(found)).toBe(false);
    seen.add(found);
  });
  const seen = new Set<string>();
});

describe('the cache', () => {
  const verdict = [{ contender: 'scene', passed: true, ranAt: '2026-01-01', checks: [] }];

  it('finds what it kept, and nothing else', async () => {
    const cache = gateCacheIn(join(directory, 'cache'));
    expect(await cache.find('one')).toBeUndefined();
    await cache.keep('one', verdict);
    expect(await cache.find('one')).toEqual(verdict);
    expect(await cache.find('two')).toBeUndefined();
    expect(await readdir(join(directory, 'cache'))).toEqual(['one.json']);
  });

  it.each(['', '{', '[{}]', '{"passed":true}'])('does not believe %j', async (text) => {
    await write('cache/one.json', text);
    expect(await gateCacheIn(join(directory, 'cache')).find('one')).toBeUndefined();
  });
});

describe('a run', () => {
  /** What the gate said and the kinds of jobs, of a run of three networks. */
  async function run(losses: Readonly<Record<string, number>> = {}) {
    await writeFile(join(directory, 'pixels'), new Uint8Array(8 * 8 * 8 * 3));
    const plan = fakePlan(['a', 'b', 'c'], join(directory, 'results'), join(directory, 'pixels'));
    const { run, jobs } = fakeRun({ losses });
    const { parityGate } = await runBench(
      { ...plan, adapters: plan.adapters.map(onDisk) },
      { run, machine: exampleResults.machine, gateCache: gateCacheIn(join(directory, 'cache')) },
    );
    return { said: parityGate.reason, gated: jobs.filter(({ kind }) => kind === 'gate').length };
  }

  /** With code that lies somewhere. */
  function onDisk({ adapter, reference, ...selected }: SelectedAdapter): SelectedAdapter {
    const probing = { ...adapter, probe: async () => [] } as unknown as CnnAdapter;
    const moduleUrl = pathToFileURL(join(directory, 'networks', `${adapter.id}.mjs`)).href;
    return { ...selected, adapter: probing, reference: { ...reference, moduleUrl } };
  }

  beforeEach(async () => {
    await write('networks/package.json', '{}');
    for (const id of ['a', 'b', 'c']) await write(`networks/${id}.mjs`, '');
  });

  it('takes an earlier verdict where nothing has changed, and says so', async () => {
    const first = await run();
    expect(first).toMatchObject({ gated: 3, said: expect.not.stringContaining('found on') });
    const second = await run();
    expect(second.gated).toBe(0);
    expect(second.said).toMatch(/This was found on \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  });

  it('lets the gate run again where somebody failed', async () => {
    await run({ b: 1.01 });
    expect((await run({ b: 1.01 })).gated).toBe(3);
  });
});
