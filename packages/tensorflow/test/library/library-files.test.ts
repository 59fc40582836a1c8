import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findLibraryFiles } from '../../src/library/library-files';

describe('findLibraryFiles', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dlcmp-tensorflow-library-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  async function place(...names: string[]): Promise<void> {
    for (const name of names) {
      await mkdir(join(directory, name, '..'), { recursive: true });
      await writeFile(join(directory, name), '');
    }
  }

  it('finds what an unpacked wheel holds, the framework first', async () => {
    await place('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2');
    expect(findLibraryFiles(directory, 'linux')).toEqual([
      join(directory, 'tensorflow/libtensorflow_framework.so.2'),
      join(directory, 'tensorflow/libtensorflow_cc.so.2'),
    ]);
  });

  it("finds what TensorFlow's own archive holds", async () => {
    await place('lib/libtensorflow.2.dylib', 'lib/libtensorflow_framework.2.dylib');
    expect(
      findLibraryFiles(directory, 'darwin')?.map((path) => path.slice(directory.length)),
    ).toEqual(['/lib/libtensorflow_framework.2.dylib', '/lib/libtensorflow.2.dylib']);
  });

  it('finds nothing where a file is missing, or made for another system', async () => {
    await place('libtensorflow_cc.so.2');
    expect(findLibraryFiles(directory, 'linux')).toBeUndefined();
    expect(findLibraryFiles(directory, 'win32')).toBeUndefined();
  });
});
