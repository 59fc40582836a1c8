import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readResults } from '@dlcmp/bench-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDlcmp } from './run-dlcmp';

/** Peers of the user's own, in `./peers`: one that works, one that ends while it trains. */
let directory: string;

const fixtures = fileURLToPath(
  new URL('../../../packages/bench-core/test/peer/fixtures/', import.meta.url),
);

async function declarePeer(folder: string, fault: string): Promise<void> {
  const manifest = {
    id: 'fake',
    displayName: 'Fake',
    family: 'forest',
    command: ['{node}', join(fixtures, 'faulty-peer.mjs'), fault],
    backends: ['cpu'],
    install: 'Nothing.',
  };
  await mkdir(join(directory, folder, 'peers', 'fake'), { recursive: true });
  const path = join(directory, folder, 'peers', 'fake', 'peer.json');
  await writeFile(path, JSON.stringify(manifest));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-peers-'));
  await declarePeer('working', 'none');
  await declarePeer('failing', 'an exit in training');
  const sample = ['data', 'sample', '--out', 'scenes', '--train', '4', '--test', '2'];
  expect((await runDlcmp(sample, directory)).status).toBe(0);
});

afterAll(() => rm(directory, { recursive: true }));

async function bench(folder: string) {
  const args = ['bench', '--data', '../scenes', '--adapters', 'fake,rf', '--out', 'run'];
  const ending = await runDlcmp(args, join(directory, folder));
  return { ...ending, results: await readResults(join(directory, folder, 'run')) };
}

describe('dlcmp bench with a peer', () => {
  it('measures it like any adapter, and its process apart', async () => {
    const { status, stdout, results } = await bench('working');
    expect(status).toBe(0);
    const trial = results.trials.find(({ adapter }) => adapter === 'fake');
    expect(trial).toMatchObject({ adapter: 'fake', displayName: 'Fake', status: 'completed' });
    expect(trial).toHaveProperty('details.peerTrainSeconds', 0.001);
    expect(stdout).toContain("by the harness's clock, 1.00 ms by its own");
  });

  it('records why it failed, and goes on', async () => {
    const { status, results } = await bench('failing');
    expect(status).toBe(1);
    // They ran in random order.
    const trialOf = (id: string) => results.trials.find(({ adapter }) => adapter === id);
    expect(trialOf('baseline-rf')).toMatchObject({ status: 'completed' });
    const failed = trialOf('fake');
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'PEER_FAILED' } });
    expect(failed).toHaveProperty('error.message', expect.stringContaining('out of patience'));
  });
});

describe('dlcmp peer check', () => {
  it('passes a peer that works', async () => {
    const { status, stdout } = await runDlcmp(
      ['peer', 'check', 'fake'],
      join(directory, 'working'),
    );
    expect(stdout).not.toContain('✗');
    expect(status).toBe(0);
  });

  it('exits 1 with what fails', async () => {
    const { status, stdout } = await runDlcmp(
      ['peer', 'check', 'fake'],
      join(directory, 'failing'),
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /✗ describes itself, trains, predicts and counts what it uses\n.*exit code 3/,
    );
  });

  it('takes a command as it stands', async () => {
    const args = ['peer', 'check', process.execPath, join(fixtures, 'faulty-peer.mjs')];
    const { status, stdout } = await runDlcmp([...args, 'NaN probabilities'], directory);
    expect(status).toBe(1);
    expect(stdout).toContain('predicted NaN, which is no probability');
  });
});

describe('dlcmp doctor', () => {
  it('lists peers with what they need', async () => {
    const { stdout } = await runDlcmp(['doctor'], join(directory, 'working'));
    for (const title of ['fake: Fake', 'pytorch: PyTorch (CNN)', 'sklearn: Scikit-learn (RF)'])
      expect(stdout).toContain(title);
  });
});
