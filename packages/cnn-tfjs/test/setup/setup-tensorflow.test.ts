import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ZipFile } from 'yazl';
import { recentSetupFailure, rememberingSetup } from '../../src/setup';
import { downloadArchive } from '../../src/setup/download-archive';
import { unpackLibrary } from '../../src/setup/library-archive';
import { wheelRequest } from '../../src/setup/wheel-request';

let directory: string;
const cacheHome = process.env.XDG_CACHE_HOME;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cnn-tfjs-setup-'));
  process.env.XDG_CACHE_HOME = join(directory, 'cache');
});
afterEach(async () => {
  if (cacheHome === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cacheHome;
  await rm(directory, { recursive: true });
});

const LIBRARY =
  process.platform === 'darwin' ? 'libtensorflow_cc.2.dylib' : 'libtensorflow_cc.so.2';

/** A wheel with one library, whose RECORD states the checksum of `recorded`. */
async function makeWheel(content: string, recorded = content): Promise<string> {
  const zip = new ZipFile();
  const digest = createHash('sha256').update(recorded).digest('base64url');
  const record = `tensorflow/${LIBRARY},sha256=${digest},${recorded.length}\n`;
  zip.addBuffer(Buffer.from(content), `tensorflow/${LIBRARY}`);
  zip.addBuffer(Buffer.from('print()'), 'tensorflow/__init__.py');
  zip.addBuffer(Buffer.from(record), 'tensorflow_cpu-2.99.0.dist-info/RECORD');
  zip.end();
  const path = join(directory, 'tensorflow_cpu-2.99.0-cp312-cp312-any.whl');
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

describe('unpackLibrary', () => {
  it("keeps a wheel's library alone", async () => {
    const target = await mkdtemp(join(directory, 'unpacked-'));
    await unpackLibrary(await makeWheel('machine code'), target);
    expect(await readdir(target)).toEqual([LIBRARY]);
    expect(await readFile(join(target, LIBRARY), 'utf8')).toBe('machine code');
  });

  it('refuses what is not what the wheel says it is', async () => {
    const target = await mkdtemp(join(directory, 'unpacked-'));
    const wheel = await makeWheel('damaged code', 'machine code');
    await expect(unpackLibrary(wheel, target)).rejects.toThrow('SHA-256');
  });
});

describe('setup', () => {
  it('leaves nothing of a wheel that holds no loadable library, and says why', async () => {
    const from = await makeWheel('no machine code');
    await expect(rememberingSetup({ from })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining(from),
    });
    const left = await readdir(join(directory, 'cache', 'dlcmp', 'tensorflow'));
    expect(left).toEqual(['last-failure.json']);
  });

  it('remembers a failure for a day', async () => {
    const from = join(directory, 'missing.whl');
    expect(recentSetupFailure()).toBeUndefined();
    await expect(rememberingSetup({ from }, 1000)).rejects.toThrow('no such file');
    const day = 24 * 60 * 60 * 1000;
    expect(recentSetupFailure(1000 + day - 1)).toContain('no such file');
    expect(recentSetupFailure(1000 + day)).toBeUndefined();
  });
});

describe('downloadArchive', () => {
  let server: Server;
  const asked: (string | undefined)[] = [];
  let content = Buffer.from('0123456789');

  beforeEach(async () => {
    asked.length = 0;
    server = createServer(({ headers: { range } }, response) => {
      asked.push(range);
      const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
      // The first answer breaks off half-way.
      const broken = asked.length === 1;
      response.writeHead(range ? 206 : 200, { 'content-length': content.length - start });
      response.write(content.subarray(start, broken ? 5 : undefined));
      if (broken) setTimeout(() => response.destroy(), 50);
      else response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('goes on where it was interrupted', async () => {
    content = Buffer.from('0123456789');
    const { port } = server.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}/libtensorflow.tar.gz`;
    await expect(downloadArchive(address, { directory })).rejects.toThrow();
    const path = await downloadArchive(address, { directory });
    expect(asked).toEqual([undefined, 'bytes=5-']);
    expect(await readFile(path, 'utf8')).toBe('0123456789');
  });
});

describe('wheelRequest', () => {
  it('accepts wheels for this glibc and older ones', () => {
    const machine = { platform: 'linux', architecture: 'x64', glibc: '2.19' } as const;
    expect(wheelRequest(machine, false)).toEqual({
      package: 'tensorflow-cpu',
      platforms: [
        'manylinux_2_19_x86_64',
        'manylinux_2_18_x86_64',
        'manylinux_2_17_x86_64',
        'manylinux2014_x86_64',
      ],
    });
    expect(wheelRequest(machine, true).package).toBe('tensorflow');
  });

  it.each([
    ['linux', 'x64', undefined, 'glibc'],
    ['linux', 'x64', '2.12', 'glibc'],
    ['linux', 'ppc64', '2.36', 'ppc64'],
    ['win32', 'x64', undefined, 'win32'],
  ] as const)('says why %s on %s with glibc %s has none', (platform, architecture, glibc, word) => {
    expect(() => wheelRequest({ platform, architecture, glibc }, false)).toThrow(word);
  });
});
