import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readResults } from '@dlcmp/bench-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Ending, runDlcmp } from './run-dlcmp';

/** A real run of all adapters on a handful of tiny images, and what can be done with its results. */
let directory: string;
let bench: Ending;

const OPTIONS = ['--data', 'scenes', '--epochs', '2', '--image-size', '16', '--out', 'run'];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-run-'));
  const sample = ['data', 'sample', '--out', 'scenes', '--train', '6', '--test', '3'];
  expect((await runDlcmp(sample, directory)).status).toBe(0);
  bench = await runDlcmp(['bench', ...OPTIONS], directory);
});

afterAll(() => rm(directory, { recursive: true }));

describe('dlcmp bench', () => {
  it('completes every adapter', async () => {
    expect(bench).toMatchObject({ status: 0 });
    const { trials } = await readResults(join(directory, 'run'));
    // They ran in random order.
    expect(trials.map(({ adapter, status }) => [adapter, status]).sort()).toEqual([
      ['baseline-rf', 'completed'],
      ['cnn-onnx', 'completed'],
      ['cnn-onnx', 'completed'],
      ['cnn-tfjs', 'completed'],
    ]);
  });

  it('says of each network who computes it, in results and in the table', async () => {
    const { trials } = await readResults(join(directory, 'run'));
    const divisions = trials.map((trial) => trial.status === 'completed' && trial.division);
    expect(divisions.sort()).toEqual(['as-published', ...Array(3).fill('with-kernels')]);
    expect(bench.stdout.replace(/\s+/g, ' ')).toContain(
      "(onnx:graph): as published: every operator is the framework's own.",
    );
    const unwrapped = bench.stdout.replace(/\s+/g, ' ');
    expect(unwrapped).toContain('in the division with kernels of dlcmp (by dlcmp: ');
  });

  it('passes the parity gate', async () => {
    const { parityGate } = await readResults(join(directory, 'run'));
    expect(parityGate).toMatchObject({ status: 'passed' });
    expect(parityGate.contenders).toHaveLength(3);
  });

  it('has all CNNs train to nearly the same loss', async () => {
    const { trials } = await readResults(join(directory, 'run'));
    const losses = trials.flatMap((trial) =>
      trial.status === 'completed' && trial.family === 'cnn'
        ? [trial.epochs.map(({ trainLoss }) => trainLoss)]
        : [],
    );
    expect(losses).toHaveLength(3);
    for (const [epoch, loss] of (losses[0] ?? []).entries()) {
      expect(losses[1]?.[epoch]).toBeCloseTo(loss, 2);
      expect(losses[2]?.[epoch]).toBeCloseTo(loss, 2);
    }
  });

  it('prints the study’s columns and says that the images are synthetic', () => {
    for (const title of ['Framework', 'Training', 'Inference', 'Accuracy', 'synthetic'])
      expect(bench.stdout).toContain(title);
  });

  it('draws benchmark.png and writes a row for each prediction', async () => {
    const png = await readFile(join(directory, 'run', 'benchmark.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const csv = await readFile(join(directory, 'run', 'predictions.csv'), 'utf8');
    expect(csv.trim().split('\r\n')).toHaveLength(1 + 4 * 18);
  });

  it('goes on with --resume without training again', async () => {
    const before = await readResults(join(directory, 'run'));
    const { status } = await runDlcmp(['bench', ...OPTIONS, '--resume'], directory);
    expect(status).toBe(0);
    expect((await readResults(join(directory, 'run'))).trials).toEqual(before.trials);
  });

  it('refuses to resume another configuration, naming what changed', async () => {
    const options = [...OPTIONS, '--batch-size', '4', '--resume'];
    const { status, stderr } = await runDlcmp(['bench', ...options], directory);
    expect(status).toBe(2);
    expect(stderr).toContain('batchSize was 32 and is 4');
  });

  it('prints events as JSON lines with --json, the last with the results’ path, and nothing else', async () => {
    const small = ['--data', 'scenes', '--epochs', '2', '--image-size', '16', '--out', 'events'];
    const options = [...small, '--adapters', 'onnx', '--json', '--quiet', '--tensorboard', 'board'];
    const { stdout, stderr } = await runDlcmp(['bench', ...options], directory);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(lastAttempt(events.map(({ event }) => event))).toEqual([
      'run-started',
      'gate-started',
      'gate-finished',
      'trial-started',
      'epoch',
      'epoch',
      'trial-finished',
      'finished',
    ]);
    expect(events.at(-1)).toMatchObject({
      resultsFile: join(directory, 'events', 'results.json'),
      completed: 1,
    });
    expect(stderr).toBe('');
    const [file = ''] = await readdir(join(directory, 'board', 'cnn-onnx-blocks-seed-1'));
    const written = await readFile(
      join(directory, 'board', 'cnn-onnx-blocks-seed-1', file),
      'latin1',
    );
    expect(written.match(/epoch\/test_accuracy/g)).toHaveLength(2);
    expect(written).toContain('trial/trainSeconds');
  });
});

/** Without phases, and without the trial's first attempt where a busy machine had it repeated. */
function lastAttempt(events: readonly string[]): string[] {
  const told = events.filter((event) => event !== 'phase');
  const repeated = told.lastIndexOf('trial-repeated');
  return repeated < 0
    ? told
    : [...told.slice(0, told.indexOf('trial-started') + 1), ...told.slice(repeated + 1)];
}

describe('after a run', () => {
  it.each(['baseline-rf-exact', 'cnn-onnx-blocks', 'cnn-tfjs-wasm'])(
    'dlcmp predict answers with the saved %s as the run did',
    async (model) => {
      const args = ['predict', '--model', `run/models/${model}-seed-1`, '--format', 'json'];
      const { status, stdout } = await runDlcmp([...args, 'scenes/seg_test/forest'], directory);
      expect(status).toBe(0);
      const predicted = (JSON.parse(stdout) as { className: string }[]).map((p) => p.className);
      const { dataset, trials } = await readResults(join(directory, 'run'));
      const trial = trials.find(({ adapter }) => model.startsWith(adapter));
      if (trial?.status !== 'completed') throw new Error('The trial did not complete.');
      const expected = dataset.testImages.flatMap(({ relativePath }, image) =>
        relativePath.includes('/forest/')
          ? [dataset.classNames[trial.predictedLabels[image] as number]]
          : [],
      );
      expect(predicted).toEqual(expected);
    },
  );

  it('dlcmp report draws the report again', async () => {
    await rm(join(directory, 'run', 'benchmark.png'));
    await rm(join(directory, 'run', 'report.html'));
    const { status } = await runDlcmp(['report', 'run', '--data', 'scenes'], directory);
    expect(status).toBe(0);
    const files = [
      'benchmark.png',
      'report.html',
      'summary.md',
      'trials.csv',
      'junit.xml',
      'charts/latency.svg',
      'charts/latency.png',
    ];
    for (const name of files)
      expect((await readFile(join(directory, 'run', name))).length).toBeGreaterThan(100);
  });

  it('shows the forest’s importance map in the report', async () => {
    const html = await readFile(join(directory, 'run', 'report.html'), 'utf8');
    expect(html).toContain('Where the forest looks');
  });

  it('dlcmp compare finds a run as good as itself, and a worse one a regression', async () => {
    expect(await runDlcmp(['compare', 'run', 'run'], directory)).toMatchObject({ status: 0 });
    const results = await readResults(join(directory, 'run'));
    const [first, ...rest] = results.trials;
    const { adapter, displayName, backend, seed, totalSeconds } = first!;
    const error = { code: 'X', message: 'x', exitCode: 1, signal: null, stderrTail: '' };
    const failed = { adapter, displayName, backend, seed, totalSeconds, status: 'failed', error };
    await mkdir(join(directory, 'worse'));
    const worse = JSON.stringify({ ...results, trials: [failed, ...rest] });
    await writeFile(join(directory, 'worse', 'results.json'), worse);
    const { status, stdout } = await runDlcmp(['compare', 'run', 'worse'], directory);
    expect(status).toBe(1);
    expect(stdout).toContain('completed in the earlier run and not in the later one');
  });

  it('dlcmp history passes over folders that hold no run, and says so', async () => {
    const { stdout, stderr, status } = await runDlcmp(['history', 'run', 'scenes'], directory);
    expect(status).toBe(0);
    expect(stdout).toContain('Random forest');
    expect(stderr).toContain('Passed over, without a results.json: scenes.');
    expect((await runDlcmp(['history', 'scenes'], directory)).status).toBe(2);
  });

  it('dlcmp history has a line for each adapter of each run', async () => {
    const { stdout } = await runDlcmp(['history', 'run', 'worse', '--json'], directory);
    expect(JSON.parse(stdout)).toHaveLength(8);
    const { stdout: table } = await runDlcmp(['history', 'run'], directory);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('dlcmp train saves a model', async () => {
    const args = ['train', 'onnx', '--data', 'scenes', '--epochs', '1', '--image-size', '16'];
    const { status, stdout } = await runDlcmp([...args, '--out', 'model'], directory);
    expect(status).toBe(0);
    expect(stdout).toContain('Saved to model');
    expect(
      (await runDlcmp(['predict', '--model', 'model', 'scenes/seg_test/sea'], directory)).status,
    ).toBe(0);
  });
});

describe('dlcmp data', () => {
  it('explores: counts, sizes and two pictures', async () => {
    const { status, stdout } = await runDlcmp(
      ['data', 'explore', 'scenes', '--out', 'seen'],
      directory,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('All are 150×150 pixels.');
    for (const name of ['class-distribution.png', 'samples.png'])
      expect((await readFile(join(directory, 'seen', name))).subarray(1, 4).toString()).toBe('PNG');
  });

  it('verifies: exit 0 for a good set, 1 with the reason for a bad file', async () => {
    expect((await runDlcmp(['data', 'verify', 'scenes'], directory)).status).toBe(0);
    const bad = join(directory, 'scenes', 'seg_train', 'sea', 'zzz.jpg');
    await writeFile(bad, '');
    const { status, stdout } = await runDlcmp(['data', 'verify', 'scenes'], directory);
    await rm(bad);
    expect(status).toBe(1);
    expect(stdout).toContain('zzz.jpg');
  });
});
