import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readExpected } from '../src/prepare/read-expected';
import { readLabels } from '../src/prepare/read-labels';

const FILES = ['cats/1.jpg', 'dogs/1.jpg', 'dogs/2.jpg'].map((relativePath) => ({
  path: join('/photos', relativePath),
  relativePath,
}));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'expected-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function written(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

it('tells images of one name apart by their folders', async () => {
  const path = await written('labels.csv', 'image,class\ndogs/1.jpg,b\ncats/1.jpg,a\n2.jpg,c\n');
  expect(await readLabels(path, FILES)).toEqual(['a', 'b', 'c']);
  const short = await written('short.csv', 'image,class\n1.jpg,a\n2.jpg,c\n');
  await expect(readLabels(short, FILES)).rejects.toThrow('of which there are several');
});

it('reads what predict prints of several labels', async () => {
  const rows = FILES.map(({ path }, index) => `${path},x; y,0.${index + 1},0.5`);
  const path = await written('several.csv', `image,labels,x,y\n${rows.join('\n')}\n`);
  const { classNames, probabilities } = await readExpected(path, FILES);
  expect(classNames).toEqual(['x', 'y']);
  expect([...probabilities]).toEqual([0.1, 0.5, 0.2, 0.5, 0.3, 0.5].map(Math.fround));
});

it.each([
  ['nan', 'NaN as the probability of x'],
  ['', 'NaN as the probability of x'],
  ['inf', 'NaN as the probability of x'],
])('refuses %j for a probability', async (cell, reason) => {
  const rows = FILES.map(({ path }) => `${path},y,0.5,${cell},0.5`);
  const path = await written('bad.csv', `image,class,probability,x,y\n${rows.join('\n')}\n`);
  await expect(readExpected(path, FILES)).rejects.toThrow(reason);
});
