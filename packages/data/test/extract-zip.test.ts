import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { crc32 } from '../src/download/crc32';
import { extractZip } from '../src/download/extract-zip';
import { temporaryFolder } from './image-folder';
import { renameEntry, zip } from './zip-archive';

const content = Buffer.from('some bytes that nobody expects');
const innocent = { name: 'in/nocent.txt', content };

describe('extractZip', () => {
  let folder: string;
  let target: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
    target = join(folder, 'target');
  });
  const extract = async (archive: Buffer, maxBytes = 1000) => {
    const path = join(folder, 'archive.zip');
    await writeFile(path, archive);
    return extractZip(path, target, { maxBytes });
  };

  test('writes folders and files', async () => {
    await extract(await zip([innocent]));
    expect(await readFile(join(target, 'in', 'nocent.txt'))).toEqual(content);
  });

  test.each([
    ['climbs out', '../nocent.txt'],
    ['is absolute', '/n/nocent.txt'],
    ['has a backslash', '..\\nocent.txt'],
    ['names a drive', 'C:/ocent.txt.'],
  ])('refuses a name that %s, before anything is written', async (_, name) => {
    const archive = await zip([{ ...innocent, name: 'first.txt' }, innocent]);
    await expect(extract(renameEntry(archive, innocent.name, name))).rejects.toMatchObject({
      code: 'INVALID_FILE',
    });
    expect(await readdir(folder)).toEqual(['archive.zip']);
  });

  test('refuses a symbolic link', async () => {
    const link = { name: 'link', content: Buffer.from('/etc/passwd'), mode: 0o120777 };
    await expect(extract(await zip([innocent, link]))).rejects.toThrow('link is a symbolic link');
    expect(await readdir(folder)).toEqual(['archive.zip']);
  });

  test('refuses what unpacks to more than the limit', async () => {
    const archive = await zip([innocent]);
    await expect(extract(archive, content.length - 1)).rejects.toThrow('unpacks to more than');
    await expect(extract(archive, content.length)).resolves.toBeUndefined();
  });

  test('refuses an entry whose bytes are not those of its checksum', async () => {
    const archive = await zip([innocent]);
    const at = archive.indexOf(content);
    archive.writeUInt8(archive.readUInt8(at) ^ 1, at);
    await expect(extract(archive)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('in/nocent.txt does not have its checksum'),
    });
  });

  test('refuses an entry that is larger than it says', async () => {
    const archive = await zip([innocent]);
    const directory = archive.lastIndexOf('PK\x01\x02');
    archive.writeUInt32LE(5, directory + 24);
    await expect(extract(archive)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });

  test.each([
    ['cut short', (archive: Buffer) => archive.subarray(0, archive.length - 30)],
    ['no archive', () => Buffer.from('nothing of the kind')],
  ])('refuses a file that is %s', async (_, damage) => {
    await expect(extract(damage(await zip([innocent])))).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('Download it again'),
    });
  });

  test('says which archive is not there', async () => {
    const path = join(folder, 'missing.zip');
    await expect(extractZip(path, target, { maxBytes: 9 })).rejects.toThrow(
      `${path} cannot be unpacked`,
    );
  });
});

test('crc32 of the standard check string', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  expect(crc32(Buffer.from('56789'), crc32(Buffer.from('1234')))).toBe(0xcbf43926);
});
