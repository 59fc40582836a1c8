import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeGrowth, growingMemory } from '../../src/metrics/growing-memory';
import { isGrowing } from '../../src/metrics/growth';
import type { MemoryGauge, SoakMeasurement } from '../../src/results/soak-result';
import { runInProcess } from '../../src/run/run-in-process';
import { completedTrial } from '../results/example-results';

// A child process runs built code; `pnpm test` builds before it tests.
const program = fileURLToPath(new URL('../../dist/trial-process.js', import.meta.url));
const moduleUrl = new URL('./fixtures/leaking-adapters.mjs', import.meta.url).href;
const size = { inputHeight: 4, inputWidth: 4 };

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-soak-'));
  await writeFile(join(directory, 'pixels'), new Uint8Array(4 * 4 * 4 * 3));
});
afterAll(() => rm(directory, { recursive: true }));

/** So many requests and twenty reloads in a process of its own. */
async function soak(factory: string, requests = 5000): Promise<SoakMeasurement> {
  const { answer } = await runInProcess(
    {
      kind: 'soak',
      adapter: { moduleUrl, factory },
      test: { pixelsPath: join(directory, 'pixels'), labels: new Int32Array(4), count: 4 },
      plan: { backend: 'cpu', threads: 1, size, modelDirectory: directory, requests },
    },
    { threads: 1, program },
  );
  if ('error' in answer) throw new Error(answer.error.message);
  return answer.result;
}

function grown(measured: SoakMeasurement) {
  return growingMemory({ ...completedTrial, soak: { status: 'completed', ...measured } });
}

describe('a soak', () => {
  it('finds nothing in a classifier that leaves garbage alone', async () => {
    const measured = await soak('createSound');
    expect(grown(measured)).toEqual([]);
    expect(measured).toMatchObject({ requests: 5000, batchSizes: [1, 1, 1, 4] });
  });

  // Resident memory scatters more than what V8 counts.
  it.each<[string, number, string, MemoryGauge]>([
    ['objects', 5000, 'createObjectLeak', 'heapUsedBytes'],
    ['buffers', 5000, 'createBufferLeak', 'externalBytes'],
    ['memory of WebAssembly', 20_000, 'createPageLeak', 'rssBytes'],
  ])('finds a kilobyte a request, of %s within %d', async (_, requests, factory, gauge) => {
    const growth = (await soak(factory, requests)).serving.growth[gauge];
    expect(isGrowing(growth)).toBe(true);
    expect(growth.perUnit).toBeGreaterThan(900);
    expect(growth.perUnit).toBeLessThan(1500);
  });

  it('finds what each load leaves behind, and says so with its figure', async () => {
    const measured = await soak('createReloadLeak');
    const found = grown(measured).filter(({ unit }) => unit === 'reload');
    expect(found.map(({ gauge }) => gauge)).toContain('externalBytes');
    expect(found.map(describeGrowth).join()).toMatch(/grew by 2,1\d0,000 bytes a reload \(99%/);
  });
});
