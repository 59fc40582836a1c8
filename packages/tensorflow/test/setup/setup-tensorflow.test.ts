import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ZipFile } from 'yazl';
import { recentSetupFailure, rememberingSetup } from '../../src/setup';
import { downloadArchive } from '../../src/setup/download-archive';
import { unpackLibrary } from '../../src/setup/library-archive';
import { wheelRequest } from '../../src/setup/wheel-request';

let directory: string;
const cacheHome = process.env.XDG_CACHE_HOME;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-tensorflow-setup-'));
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

  it("keeps the libraries of TensorFlow's own archive, where their names are links", async () => {
    const [packed, target] = [join(directory, 'packed'), join(directory, 'unpacked')];
    await mkdir(join(packed, 'lib'), { recursive: true });
    await mkdir(target);
    await writeFile(join(packed, 'LICENSE'), 'terms');
    const name = process.platform === 'darwin' ? 'libtensorflow.2.dylib' : 'libtensorflow.so.2';
    await writeFile(join(packed, 'lib', `${name}.18.0`), 'machine code');
    await symlink(`${name}.18.0`, join(packed, 'lib', name));
    const archive = join(directory, 'libtensorflow-cpu.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', packed, '.']);
    await unpackLibrary(archive, target);
    expect(await readdir(target)).toEqual([name]);
    expect(await readFile(join(target, name), 'utf8')).toBe('machine code');
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
  const asked: (string | undefined)[] = [];
  let server: Server;
  /** What the server has, and how many answers it breaks off half-way. */
  let file = { content: Buffer.from('0123456789'), etag: '"one"' };
  let failures = 0;
  let hashes: Record<string, string> = {};

  beforeEach(async () => {
    asked.length = 0;
    file = { content: Buffer.from('0123456789'), etag: '"one"' };
    failures = 0;
    hashes = {};
    // A connection is never closed for having waited: the client might just be about to use it.
    server = createServer({ keepAliveTimeout: 0 }, ({ headers }, response) => {
      asked.push(headers.range);
      const { content, etag } = file;
      const wanted = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
      const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
      const start = isSame ? wanted : 0;
      if (start >= content.length) {
        response.writeHead(416).end();
        return;
      }
      const length = { 'content-length': content.length - start };
      response.writeHead(start > 0 ? 206 : 200, { ...length, etag, ...hashes });
      response.write(content.subarray(start, failures > 0 ? 5 : undefined));
      if (failures-- > 0) void partHasBytes(5).then(() => response.destroy());
      else response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  /** Ends once so much of the archive lies on disk. */
  async function partHasBytes(count: number): Promise<void> {
    const part = join(directory, 'libtensorflow.tar.gz.partial');
    while ((await stat(part).catch(() => undefined))?.size !== count) await setTimeout(10);
  }

  const address = (suffix = '') =>
    `http://127.0.0.1:${(server.address() as AddressInfo).port}/libtensorflow.tar.gz${suffix}`;

  it('goes on where it was interrupted', async () => {
    failures = 1;
    await expect(downloadArchive(address(), { directory })).rejects.toThrow();
    const path = await downloadArchive(address(), { directory });
    expect(asked).toEqual([undefined, 'bytes=5-']);
    expect(await readFile(path, 'utf8')).toBe('0123456789');
    expect(await readdir(directory)).toEqual(['libtensorflow.tar.gz']);
  });

  it('starts again where the file has changed meanwhile', async () => {
    failures = 1;
    await expect(downloadArchive(address(), { directory })).rejects.toThrow();
    file = { content: Buffer.from('abcdefghij'), etag: '"other"' };
    const path = await downloadArchive(address(), { directory });
    expect(await readFile(path, 'utf8')).toBe('abcdefghij');
  });

  it('starts again where more is here than the server has', async () => {
    await writeFile(join(directory, 'libtensorflow.tar.gz.partial'), 'x'.repeat(20));
    const path = await downloadArchive(address(), { directory });
    expect(await readFile(path, 'utf8')).toBe('0123456789');
  });

  it('accepts what has the hash that its address states', async () => {
    const digest = createHash('sha256').update('0123456789').digest('hex');
    await downloadArchive(address(`#sha256=${digest}`), { directory });
    await expect(
      downloadArchive(address(`#sha256=${'0'.repeat(64)}`), { directory }),
    ).rejects.toThrow('SHA-256');
    // Nothing is left that another try would go on with.
    expect(await readdir(directory)).toEqual(['libtensorflow.tar.gz']);
  });

  it("holds what arrives against the hash that Google's storage sends", async () => {
    const md5 = (text: string) => createHash('md5').update(text).digest('base64');
    hashes = { 'x-goog-hash': `crc32c=AAAAAA==, md5=${md5('0123456789')}` };
    await downloadArchive(address(), { directory });
    hashes = { 'x-goog-hash': `crc32c=AAAAAA==, md5=${md5('something else')}` };
    await expect(downloadArchive(address(), { directory })).rejects.toThrow('MD5');
  });
});

describe('a source that cannot be reached', () => {
  it('is named with the reason', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const download = downloadArchive(`http://127.0.0.1:${port}/library.tar.gz`, { directory });
    await expect(download).rejects.toThrow(
      `127.0.0.1:${port} cannot be reached: connect ECONNREFUSED`,
    );
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
