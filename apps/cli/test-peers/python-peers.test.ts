/**
 * Real PyTorch and scikit-learn: `pnpm test:peers`, with `DLCMP_PYTHON` naming a python3 that has them.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type CompletedTrial, readResults } from '@dlcmp/bench-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ending, runDlcmp } from '../test/run-dlcmp';

let directory: string;
let bench: Ending;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-python-'));
  const sample = ['data', 'sample', '--out', 'scenes', '--train', '8', '--test', '4'];
  expect((await runDlcmp(sample, directory)).status).toBe(0);
  const options = ['--data', 'scenes', '--epochs', '2', '--image-size', '24', '--out', 'run'];
  bench = await runDlcmp(
    ['bench', ...options, '--adapters', 'rf,onnx,tfjs,sklearn,pytorch'],
    directory,
  );
});

afterAll(() => rm(directory, { recursive: true }));

async function completedTrials(): Promise<CompletedTrial[]> {
  const { trials } = await readResults(join(directory, 'run'));
  return trials.filter((trial) => trial.status === 'completed');
}

describe('dlcmp bench with Python peers', () => {
  it('completes and passes the parity gate with the adapters in Node.js', async () => {
    expect(bench).toMatchObject({ status: 0 });
    const { parityGate, trials } = await readResults(join(directory, 'run'));
    expect(trials.map(({ displayName }) => displayName)).toEqual(
      expect.arrayContaining(['scikit-learn', 'PyTorch as it comes']),
    );
    expect(parityGate.status).toBe('passed');
    expect(parityGate.contenders).toHaveLength(3);
  });

  it('has all CNNs at the same loss, within 1%, after the first epoch', async () => {
    const cnns = (await completedTrials()).filter(({ family }) => family === 'cnn');
    expect(cnns).toHaveLength(3);
    const losses = cnns.map(({ epochs }) => epochs[0]?.trainLoss ?? Number.NaN);
    expect(Math.max(...losses) / Math.min(...losses)).toBeLessThan(1.01);
  });

  it('holds Python to its own processor time and memory', async () => {
    for (const { versions, peakRssBytes, fitCpuSeconds } of await completedTrials()) {
      if (!('python' in versions)) continue;
      expect(peakRssBytes).toBeGreaterThan(50e6);
      expect(fitCpuSeconds).toBeGreaterThan(0);
    }
  });

  it('prints Node.js against Python', () => {
    const line = /ONNX Runtime.* \(onnx:\w+\) \/ PyTorch as it comes \(pytorch:stock\): training/;
    expect(bench.stdout).toMatch(line);
  });
});

describe('weights cross between languages', () => {
  it.each([
    ['pytorch', 'onnx'],
    ['pytorch', 'tfjs'],
    ['onnx', 'pytorch'],
    ['tfjs', 'pytorch'],
  ])('from %s to %s, with the same answers', async (from, to) => {
    const script = fileURLToPath(new URL('./cross-weights.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, from, to]);
    expect(stdout).not.toBe('');
    expect(Number(stdout)).toBeLessThan(1e-4);
  });
});
