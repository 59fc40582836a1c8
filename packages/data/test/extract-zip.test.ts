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
    ['climbs out by a backslash', '..\\nocent.txt'],
    ['holds a zero byte', 'in/noc\0nt.txt'],
    ['names a drive', 'C:/ocent.txt.'],
  ])('refuses a name that %s, before anything is written', async (_, name) => {
    const archive = await zip([{ ...innocent, name: 'first.txt' }, innocent]);
    await expect(extract(renameEntry(archive, innocent.name, name))).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(/Nothing was unpacked.*unpack it yourself/),
    });
    expect(await readdir(folder)).toEqual(['archive.zip']);
  });

  test('refuses a symbolic link', async () => {
    const link = { name: 'link', content: Buffer.from('/etc/passwd'), mode: 0o120777 };
    await expect(extract(await zip([innocent, link]))).rejects.toThrow(
      'a symbolic link, link, which may lead to any file',
    );
    expect(await readdir(folder)).toEqual(['archive.zip']);
  });

  test('refuses what unpacks to more than the limit', async () => {
    const archive = await zip([innocent]);
    await expect(extract(archive, content.length - 1)).rejects.toThrow(
      'would unpack to 30 bytes, more than the 29 bytes that are allowed',
    );
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

  test('advises to download again what is cut short', async () => {
    const archive = await zip([innocent]);
    await expect(extract(archive.subarray(0, archive.length - 30))).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(/is damaged or not complete.*Download it again/),
    });
  });

  test.each([
    ['is a web page (HTML), not a zip archive', '<!DOCTYPE html><html>', /Sign in/],
    ['is a web page (HTML), not a zip archive', '\n <html lang="en">', /Sign in/],
    ['is a JSON document, not a zip archive', '{"code":403}', /Pass the zip/],
    ['is a gzip archive, not a zip archive', '\x1f\x8b\x08', /unpack what it is/],
    ['is a bzip2 archive, not a zip archive', 'BZh91AY', /unpack what it is/],
    ['is an xz archive, not a zip archive', '\xfd7zXZ\0', /unpack what it is/],
    ['is a 7-Zip archive, not a zip archive', '7z\xbc\xaf\x27\x1c', /unpack what it is/],
    ['is a RAR archive, not a zip archive', 'Rar!\x1a\x07\x01', /unpack what it is/],
    ['is a tar archive, not a zip archive', `${'\0'.repeat(257)}ustar`, /unpack what it is/],
    ['is empty (0 bytes), not a zip archive', '', /Pass the zip/],
    ['is not a zip archive', 'nothing of the kind', /Pass the zip/],
  ])('says of a file that it %s', async (fault, content, advice) => {
    const extracting = extract(Buffer.from(content, 'latin1'));
    await expect(extracting).rejects.toMatchObject({ code: 'INVALID_FILE' });
    await expect(extracting).rejects.toThrow(`archive.zip ${fault}.`);
    await expect(extracting).rejects.toThrow(advice);
    await expect(extracting).rejects.not.toThrow('ownload it again');
  });

  test('takes backslashes for separators', async () => {
    await extract(renameEntry(await zip([innocent]), innocent.name, 'in\\nocent.txt'));
    expect(await readFile(join(target, 'in', 'nocent.txt'))).toEqual(content);
  });

  test.each([
    [9, 'Deflate64'],
    [12, 'bzip2'],
    [14, 'LZMA'],
    [93, 'Zstandard'],
    [77, 'method 77'],
  ])('names the compression method %i as %s', async (method, name) => {
    const archive = await zip([innocent]);
    archive.writeUInt16LE(method, archive.lastIndexOf('PK\x01\x02') + 10);
    await expect(extract(archive)).rejects.toThrow(
      new RegExp(`is packed with ${name} .in/nocent.txt.*with 7-Zip`),
    );
  });

  test('refuses what is encrypted', async () => {
    const archive = await zip([innocent]);
    const directory = archive.lastIndexOf('PK\x01\x02');
    archive.writeUInt16LE(1, directory + 8);
    // Encryption puts 12 bytes before the content (APPNOTE 6.1.3).
    archive.writeUInt32LE(content.length + 12, directory + 20);
    await expect(extract(archive)).rejects.toThrow(/is encrypted .*password/);
  });

  test('refuses a file that is there twice', async () => {
    const archive = await zip([innocent, { ...innocent, name: 'in/another.xt' }]);
    const twice = renameEntry(archive, 'in/another.xt', innocent.name);
    await expect(extract(twice)).rejects.toThrow(`holds ${innocent.name} twice`);
    expect(await readdir(folder)).toEqual(['archive.zip']);
  });

  test('refuses a file that is a folder too', async () => {
    const archive = await zip([innocent, { ...innocent, name: 'in' }]);
    await expect(extract(archive)).rejects.toThrow('holds in as a file and as a folder');
  });

  test('refuses an archive in several parts', async () => {
    const archive = await zip([innocent]);
    archive.writeUInt16LE(2, archive.lastIndexOf('PK\x05\x06') + 4);
    await expect(extract(archive)).rejects.toThrow(/is refused: multi-disk.*unpack it yourself/);
  });

  test('says which archive is not there', async () => {
    const path = join(folder, 'missing.zip');
    await expect(extractZip(path, target, { maxBytes: 9 })).rejects.toThrow(
      `${path} cannot be read (ENOENT)`,
    );
  });
});

test('crc32 of the standard check string', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  expect(crc32(Buffer.from('56789'), crc32(Buffer.from('1234')))).toBe(0xcbf43926);
});
