import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readResults, writeResults } from '../../src/results/results-file';
import { resultsJsonSchema } from '../../src/results/results-schema';
import { completedTrial, exampleResults } from './example-results';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-results-'));
});

afterEach(() => rm(directory, { recursive: true }));

describe('results.json', () => {
  it('comes back as it was written', async () => {
    await writeResults(directory, exampleResults);
    expect(await readResults(directory)).toEqual(exampleResults);
  });

  it('is written into a folder that is not there yet, and leaves nothing beside it', async () => {
    const nested = join(directory, 'new', 'run');
    await writeResults(nested, exampleResults);
    expect(await readdir(nested)).toEqual(['results.json']);
  });

  it('keeps a failed trial with its error', async () => {
    const failed = {
      adapter: 'cnn-fake',
      displayName: 'Fake (CNN)',
      backend: 'cpu',
      seed: 2,
      totalSeconds: 1,
      status: 'failed',
      error: {
        code: 'CRASHED',
        message: 'gone',
        exitCode: null,
        signal: 'SIGSEGV',
        stderrTail: '',
      },
    } as const;
    await writeResults(directory, { ...exampleResults, trials: [failed] });
    expect((await readResults(directory)).trials).toEqual([failed]);
  });

  it.each([
    ['an accuracy above 1', { accuracy: 1.5 }, 'accuracy'],
    ['a time that is not a number', { trainSeconds: Number.NaN }, 'trainSeconds'],
    ['a status nobody knows', { status: 'perhaps' }, 'status'],
  ])('refuses %s', async (_what, change, field) => {
    const trials = [{ ...completedTrial, ...change } as typeof completedTrial];
    await expect(writeResults(directory, { ...exampleResults, trials })).rejects.toThrow(field);
  });

  it('does not touch the old file when the new content is refused', async () => {
    await writeResults(directory, exampleResults);
    const trials = [{ ...completedTrial, accuracy: 2 }];
    await expect(writeResults(directory, { ...exampleResults, trials })).rejects.toThrow();
    expect(await readResults(directory)).toEqual(exampleResults);
  });

  it.each([
    ['a file that is no JSON', '{"schemaVersion": 1', 'it is no JSON'],
    ['an empty file', '', 'it is no JSON'],
    ['another schemaVersion', '{"schemaVersion": 99}', 'schemaVersion'],
  ])('says what is wrong with %s', async (_what, content, reason) => {
    await writeFile(join(directory, 'results.json'), content);
    await expect(readResults(directory)).rejects.toMatchObject({ code: 'INVALID_FILE' });
    await expect(readResults(directory)).rejects.toThrow(reason);
  });

  it('names a folder that is not there, one without results, and what to name instead', async () => {
    const missing = join(directory, 'missing');
    const advice = 'Name a folder that "dlcmp bench" wrote: its --out, by default results/latest.';
    await expect(readResults(missing)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: `${missing} can't be read, as there is no such folder. ${advice}`,
    });
    await expect(readResults(directory)).rejects.toThrow(
      `${directory} holds no results.json. ${advice}`,
    );
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(readResults(file)).rejects.toThrow(
      `${join(file, 'results.json')} can't be read: a part of the path is a file. ${advice}`,
    );
  });

  it('has a JSON Schema that names every field of a trial the design asks for', () => {
    const schema = JSON.stringify(resultsJsonSchema());
    for (const field of ['trainSeconds', 'peakRssBytes', 'confusionMatrix', 'trainImagesPerSecond'])
      expect(schema).toContain(`"${field}"`);
  });

  it('is readable by people: indented, ends with a newline', async () => {
    await writeResults(directory, exampleResults);
    const text = await readFile(join(directory, 'results.json'), 'utf8');
    expect(text).toMatch(/^\{\n {2}"schemaVersion": 1,/);
    expect(text.endsWith('}\n')).toBe(true);
  });
});
