import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runInProcess } from '../../src/run/run-in-process';

// A child process runs built code; `pnpm test` builds before it tests.
const program = fileURLToPath(new URL('../../dist/cold-start-program.js', import.meta.url));
const moduleUrl = new URL('./fixtures/slow-start-adapter.mjs', import.meta.url).href;
const MEBIBYTE = 2 ** 20;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-start-'));
  await writeFile(join(directory, 'pixels'), new Uint8Array(3 * 4 * 4 * 3));
});
afterAll(() => rm(directory, { recursive: true }));

async function start(requests: number, options = {}) {
  const { answer } = await runInProcess(
    {
      kind: 'cold-start',
      adapter: { moduleUrl, factory: 'createSlowStart', options },
      test: { pixelsPath: join(directory, 'pixels'), labels: new Int32Array(3), count: 3 },
      size: { inputHeight: 4, inputWidth: 4 },
      plan: { backend: 'cpu', threads: 1, modelDirectory: directory, requests },
    },
    { threads: 1, program },
  );
  return answer;
}

/** Its own files, as they import one another. */
async function importedBy(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  const chunks = [...text.matchAll(/from ?"(\.\/[^"]+)"/g)].map(([, chunk]) => chunk as string);
  const folder = new URL('../../dist/', import.meta.url);
  const rest = chunks.map((chunk) => importedBy(fileURLToPath(new URL(chunk, folder))));
  return [text, ...(await Promise.all(rest))].join('\n');
}

describe('a cold start', () => {
  it('times import, load and first answer, and reads memory after each', async () => {
    const answer = await start(81);
    if ('error' in answer) throw new Error(answer.error.message);
    const { importSeconds, loadSeconds, firstAnswerSeconds, ...memory } = answer.result;
    expect(importSeconds).toBeGreaterThan(0.099);
    expect(loadSeconds).toBeGreaterThan(0.199);
    expect(firstAnswerSeconds).toBeGreaterThan(0.299);
    // What one part takes is not in another.
    expect(importSeconds).toBeLessThan(0.599);
    expect(memory.atRestBytes).toBeGreaterThan(60 * MEBIBYTE);
    expect(memory.atRestBytes).toBeLessThan(150 * MEBIBYTE);
    const first = (memory.afterFirstBytes - memory.atRestBytes) / MEBIBYTE;
    expect(first).toBeGreaterThan(19);
    expect(first).toBeLessThan(30);
    const others = (memory.afterRequestsBytes - memory.afterFirstBytes) / MEBIBYTE;
    expect(others).toBeGreaterThan(19);
    expect(others).toBeLessThan(30);
  });

  it('tells why a model cannot be loaded', async () => {
    expect(await start(1, { failure: 'It is damaged.' })).toMatchObject({
      error: { code: 'INVALID_FILE', message: 'It is damaged.' },
    });
  });

  it('imports nothing of what adapters import, before they do', async () => {
    const text = await importedBy(program);
    expect(text).toContain('importSeconds');
    expect(text.match(/(?:from|import) ?"(?!node:|\.\/)[^"]*"/g)).toBeNull();
  });
});
