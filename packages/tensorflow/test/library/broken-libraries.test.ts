import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ZipFile } from 'yazl';
import { canMakeLibrary, FAKE_FILES, makeFakeLibrary } from './fake-library';

const run = promisify(execFile);
const describeWithCompiler = canMakeLibrary ? describe : describe.skip;

/** Prints what the backend `tensorflow` of a process of its own says of its library. */
const PROBE = `
const { probeTensorFlow } = await import(${JSON.stringify(new URL('../../dist/engine.js', import.meta.url).href)});
console.log(JSON.stringify(await probeTensorFlow('CPU')));
`;

const VERSION = `
await import(${JSON.stringify(new URL('../../dist/register.js', import.meta.url).href)})
  .then(({ version }) => version())
  .then(console.log, (error) => console.log(error.code, error.message));
`;

const [FRAMEWORK, LIBRARY] = FAKE_FILES;

describeWithCompiler('a library that cannot be used', () => {
  let directory: string;
  let whole: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dlcmp-broken-libraries-'));
    whole = join(directory, 'whole');
    makeFakeLibrary(whole, '2.99.0');
  });
  afterAll(() => rm(directory, { recursive: true }));

  /** The output of a process that knows no other library than the one that `named` names, or that lies in the cache. */
  async function ask(script: string, named = '', cache = 'cache'): Promise<string> {
    const env = {
      PATH: process.env.PATH,
      DLCMP_TENSORFLOW: named,
      DLCMP_PYTHON: join(directory, 'no-python'),
      XDG_CACHE_HOME: join(directory, cache),
    };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
    return stdout.trim();
  }
  const probe = async (named?: string, cache?: string) =>
    JSON.parse(await ask(PROBE, named, cache)) as Record<string, unknown>;

  /** A folder of both files, the second of which is what `change` makes of it. */
  async function folderWith(name: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
    const folder = join(directory, name);
    await mkdir(folder, { recursive: true });
    await copyFile(join(whole, FRAMEWORK), join(folder, FRAMEWORK));
    await writeFile(join(folder, LIBRARY), change(await readFile(join(whole, LIBRARY))));
    return folder;
  }

  async function wheelOf(folder: string, name: string): Promise<string> {
    const zip = new ZipFile();
    for (const file of FAKE_FILES) zip.addFile(join(folder, file), `tensorflow/${file}`);
    zip.end();
    const path = join(directory, name);
    await pipeline(zip.outputStream, createWriteStream(path));
    return path;
  }

  /** What a library that DLCMP_TENSORFLOW names is refused with, which another one in the cache never hides. */
  async function refusal(named: string): Promise<string> {
    const answer = await probe(named, 'filled-cache');
    expect(answer).toMatchObject({ available: false, remedy: expect.stringContaining('unset it') });
    return answer.reason as string;
  }

  it('is told from one that can', async () => {
    expect(await probe(whole)).toMatchObject({
      available: true,
      versions: { TensorFlow: '2.99.0' },
    });
  });

  it('is loaded out of a wheel the first time as the second', async () => {
    const wheel = await wheelOf(whole, 'tensorflow_cpu-2.99.0-cp312-cp312-any.whl');
    for (const _ of [1, 2]) {
      expect(await probe(wheel, 'filled-cache')).toMatchObject({
        available: true,
        versions: { TensorFlow: '2.99.0' },
      });
    }
    // And by itself, as nothing is named.
    expect(await probe('', 'filled-cache')).toMatchObject({ available: true });
  });

  it('is named where it is missing, a file, or not in its folder', async () => {
    const nowhere = join(directory, 'nowhere');
    expect(await refusal(nowhere)).toBe(
      `DLCMP_TENSORFLOW names ${nowhere}: there is no such file or folder.`,
    );
    expect(await refusal(join(whole, LIBRARY))).toContain(`the folder it is in is ${whole}`);
    await mkdir(join(directory, 'empty'));
    expect(await refusal(join(directory, 'empty'))).toContain('no folder with a libtensorflow');
  });

  it('is named where it is a wheel that is missing, or for another machine', async () => {
    const missing = join(directory, 'missing.whl');
    expect(await probe(missing, 'filled-cache')).toMatchObject({
      available: false,
      reason: expect.stringContaining(`${missing}: there is no such file`),
    });
    const foreign = await wheelOf(await folderWith('foreign-wheel', forPowerPc), 'foreign.whl');
    expect(await probe(foreign, 'filled-cache')).toMatchObject({
      available: false,
      reason: expect.stringMatching(/is built for ppc64, and this Node.js for \w+/),
    });
  });

  it('is named where it is for another architecture', async () => {
    const folder = await folderWith('foreign', forPowerPc);
    expect(await refusal(folder)).toMatch(
      /libtensorflow_cc.so.2 is built for ppc64, and this Node.js for \w+/,
    );
  });

  it.each([0, 3, 40, 64, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])(
    'is named where it is cut off at %d (bytes, or a part of all)',
    async (at) => {
      const cutOff = (bytes: Buffer) => bytes.subarray(0, at < 1 ? at * bytes.length : at);
      const folder = await folderWith(`cut-${at}`, cutOff);
      expect(await refusal(folder)).toMatch(/libtensorflow_cc.so.2 is cut off/);
    },
  );

  it('is named where its end was never written', async () => {
    const zeroed = (bytes: Buffer) => Buffer.from(bytes).fill(0, bytes.length - 100);
    const folder = await folderWith('zeroed', zeroed);
    expect(await refusal(folder)).toContain('libtensorflow_cc.so.2 was not written to its end');
  });

  it('is named where it is no library, or lacks a function', async () => {
    const text = await folderWith('text', () => Buffer.from('text '.repeat(100)));
    expect(await refusal(text)).toContain('libtensorflow_cc.so.2 is no shared library for linux');
    const old = join(directory, 'old');
    makeFakeLibrary(old, '2.0.0', 'TFE_TensorHandleDevicePointer');
    // Told from its table of symbols: a library that is loaded stays in the process.
    expect(await refusal(old)).toContain(
      'of too old a version: it has no function TFE_TensorHandleDevicePointer',
    );
  });

  it('in the cache is named where it is damaged, and passed over where it is for another machine', async () => {
    const cached = async (cache: string, folder: string) => {
      const target = join(directory, cache, 'dlcmp', 'tensorflow', 'tensorflow_cpu');
      await mkdir(target, { recursive: true });
      for (const file of FAKE_FILES) await copyFile(join(folder, file), join(target, file));
      const note = { source: 'a wheel', version: '2.99.0' };
      await writeFile(join(target, 'installed.json'), JSON.stringify(note));
    };
    await cached('damaged-cache', await folderWith('cut', (bytes) => bytes.subarray(0, 9000)));
    const remedy = 'Run: dlcmp setup tensorflow';
    expect(await probe('', 'damaged-cache')).toMatchObject({
      available: false,
      reason: expect.stringMatching(/libtensorflow_cc.so.2 is cut off after 9000 bytes/),
      remedy,
    });
    await cached('foreign-cache', await folderWith('foreign-cached', forPowerPc));
    expect(await probe('', 'foreign-cache')).toMatchObject({
      available: false,
      reason: expect.stringContaining('is built for ppc64'),
      remedy,
    });
  });

  it('is missed by version() with the command that brings one', async () => {
    expect(await ask(VERSION)).toContain(
      'BACKEND_UNAVAILABLE No TensorFlow library is installed. Run: dlcmp setup tensorflow',
    );
  });
});

/** e_machine of the ELF header: 64-bit PowerPC. */
function forPowerPc(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt16LE(21, 18);
  return changed;
}
