import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { picture } from './image-kinds';
import { writeZip, type ZipEntry } from './write-zip';

/** One kind of file that people pass with `--from`. */
export interface ArchiveKind {
  readonly name: string;
  readonly write: (path: string) => Promise<unknown>;
  /** What errors say, where it is refused. */
  readonly refused?: RegExp;
}

const text = (content: string) => (path: string) => writeFile(path, content, 'latin1');
const YOURSELF = '.*unpack it yourself';

/** Every kind of archive. */
export async function archiveKinds(): Promise<ArchiveKind[]> {
  const entries = await dataSet();
  const renamed = (rename: (name: string) => string) => (path: string) =>
    writeZip(
      path,
      entries.map((entry) => ({ ...entry, name: rename(entry.name) })),
    );
  const changed = (change: Partial<ZipEntry>) => (path: string) =>
    writeZip(
      path,
      entries.map((entry) => ({ ...entry, ...change })),
    );
  const withEntry = (entry: Partial<ZipEntry>) => (path: string) =>
    writeZip(path, [...entries, { name: 'x', content: Buffer.from('x'), ...entry }]);
  const cut = async (path: string) => {
    await writeZip(path, entries);
    const { readFile } = await import('node:fs/promises');
    await writeFile(path, (await readFile(path)).subarray(0, -30));
  };
  return [
    { name: 'sound', write: renamed((name) => name) },
    { name: 'wrapped', write: renamed((name) => `archive/${name}`) },
    { name: 'backslashes', write: renamed((name) => name.replaceAll('/', '\\')) },
    {
      name: 'classes at the root',
      write: renamed((name) => name.replace(/^seg_(\w+)\/(\w+)\//, '$2/$1-')),
    },
    { name: 'with what macOS adds', write: withEntry({ name: '__MACOSX/._x.png' }) },

    {
      name: 'not there',
      write: async () => {},
      refused: /does not exist\. Check the path given with --from/,
    },
    { name: 'a folder', write: (path) => mkdir(path), refused: /is a folder.*--data/ },
    { name: 'empty', write: text(''), refused: /is empty \(0 bytes\), not a zip/ },
    { name: 'a web page', write: text('<html>'), refused: /is a web page \(HTML\).*Sign in/ },
    { name: 'JSON', write: text('{}'), refused: /is a JSON document/ },
    { name: 'gzip', write: text('\x1f\x8b\x08'), refused: /is a gzip archive.*unpack/ },
    { name: 'bzip2', write: text('BZh9'), refused: /is a bzip2 archive.*unpack/ },
    { name: 'xz', write: text('\xfd7zXZ\0'), refused: /is an xz archive.*unpack/ },
    { name: '7-Zip', write: text('7z\xbc\xaf\x27\x1c'), refused: /is a 7-Zip archive.*unpack/ },
    { name: 'RAR', write: text('Rar!\x1a\x07\0'), refused: /is a RAR archive.*unpack/ },
    { name: 'tar', write: text(`${'\0'.repeat(257)}ustar`), refused: /is a tar archive.*unpack/ },
    { name: 'text', write: text('hello'), refused: /is not a zip archive/ },

    { name: 'cut short', write: cut, refused: /damaged or not complete.*Download it again/ },
    {
      name: 'a wrong checksum',
      write: withEntry({ statedCrc: 1 }),
      refused: /x does not have its checksum.*Download it again/,
    },
    {
      name: 'a bomb',
      write: changed({ statedSize: 0xf0000000, method: 8 }),
      refused: new RegExp(`would unpack to .* GiB, more than${YOURSELF}`),
    },
    {
      name: 'a link',
      write: withEntry({ name: 'link.png', mode: 0o120777 }),
      refused: new RegExp(`a symbolic link, link\\.png${YOURSELF}`),
    },
    {
      name: 'packed with bzip2',
      write: changed({ method: 12 }),
      refused: /is packed with bzip2.*7-Zip/,
    },
    {
      name: 'packed with LZMA',
      write: changed({ method: 14 }),
      refused: /is packed with LZMA.*7-Zip/,
    },
    {
      name: 'packed with Zstandard',
      write: changed({ method: 93 }),
      refused: /is packed with Zstandard.*7-Zip/,
    },
    {
      name: 'encrypted',
      write: withEntry({ flags: 1, content: Buffer.alloc(20), statedSize: 8 }),
      refused: /is encrypted.*password/,
    },
    {
      name: 'a file twice',
      write: (path) => writeZip(path, [...entries, ...entries.slice(0, 1)]),
      refused: /holds seg_train\/cat\/0\.png twice/,
    },
    {
      name: 'a file as a folder',
      write: withEntry({ name: 'seg_train' }),
      refused: /seg_train as a file and as a folder/,
    },
    {
      name: 'a name that climbs out',
      write: withEntry({ name: '../x' }),
      refused: new RegExp(`is refused: .*\\.\\./x${YOURSELF}`),
    },
    {
      name: 'an absolute name',
      write: withEntry({ name: '/x' }),
      refused: new RegExp(`is refused: .*/x${YOURSELF}`),
    },
    {
      name: 'a zero byte in a name',
      write: withEntry({ name: 'x\0y' }),
      refused: /a name with a zero byte/,
    },
    {
      name: 'a part of several',
      write: (path) => writeZip(path, entries, 1),
      refused: new RegExp(`multi-disk${YOURSELF}`),
    },
    {
      name: 'no data set',
      write: (path) => writeZip(path, [{ name: 'notes/readme.txt', content: Buffer.from('x') }]),
      refused: /does not hold a data set.*notes/,
    },
    {
      name: 'no entries',
      write: (path) => writeZip(path, []),
      refused: /does not hold a data set|holds no files/,
    },
  ];
}

/** 3 training and 2 test images of each of two classes, laid out as the Intel archive is. */
async function dataSet(): Promise<ZipEntry[]> {
  const names = ['cat', 'dog'].flatMap((name) => [
    ...[0, 1, 2].map((index) => `seg_train/${name}/${index}.png`),
    ...[3, 4].map((index) => `seg_test/${name}/${index}.png`),
  ]);
  return Promise.all(
    names.map(async (name, index) => ({
      name,
      content: await picture(index, 24, 20 + index)
        .png()
        .toBuffer(),
    })),
  );
}

/** Writes an archive into a folder of its own, and says where. */
export async function makeArchive(folder: string, { write }: ArchiveKind): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'archive.zip');
  await write(path);
  return path;
}
