import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { peerCommand } from '../../src/peer/peer-command';

const COMMAND = { command: ['{python}', 'peer.py'] };
let environment: NodeJS.ProcessEnv;
let folder: string;

beforeEach(async () => {
  environment = { ...process.env };
  folder = await mkdtemp(join(tmpdir(), 'dlcmp command '));
  process.env.PATH = folder;
  delete process.env.DLCMP_PYTHON;
});

afterEach(async () => {
  process.env = environment;
  await rm(folder, { recursive: true });
});

describe('peerCommand', () => {
  it.each([
    ['a name', 'python3.12', 'python3.12'],
    ['a path from the current folder', '.venv/bin/python', resolve('.venv/bin/python')],
    ['an absolute path with spaces', '/my tools/python', '/my tools/python'],
  ])('takes the interpreter that DLCMP_PYTHON gives: %s', (_, given, program) => {
    process.env.DLCMP_PYTHON = given;
    expect(peerCommand(COMMAND)).toEqual([program, 'peer.py']);
  });

  it('goes through uv where there is one', async () => {
    await writeFile(join(folder, 'uv'), '');
    await chmod(join(folder, 'uv'), 0o755);
    expect(peerCommand(COMMAND)).toEqual(['uv', 'run', '--quiet', '--script', 'peer.py']);
  });

  it('asks for python3 elsewhere', () => {
    expect(peerCommand(COMMAND)).toEqual(['python3', 'peer.py']);
  });

  it('leaves any other word alone', () => {
    expect(peerCommand({ command: ['perl', 'a b.pl'] })).toEqual(['perl', 'a b.pl']);
    expect(peerCommand({ command: ['{node}', 'x.mjs'] })).toEqual([process.execPath, 'x.mjs']);
  });
});
