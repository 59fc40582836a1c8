import type { Entry, ZipFile } from 'yauzl';
import { RefusedArchive, UNPACK_YOURSELF } from './archive-fault';

const MAX_ENTRIES = 1_000_000;
const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** Compression methods that archives of today may have (APPNOTE 4.4.5); 0 and 8 are read. */
const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'Zstandard',
  95: 'XZ',
  98: 'PPMd',
  99: 'AES',
};

/**
 * All entries of an archive, once all are found harmless: none is a symbolic link, encrypted, twice
 * there, a file and a folder at once, or packed by a method that is not read, and together they
 * unpack to no more than `maxBytes`. Names that leave the folder are refused by yauzl.
 *
 * @throws {@link RefusedArchive}, and what yauzl throws for a damaged directory
 */
export async function listEntries(zip: ZipFile, maxBytes: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    assertReadable(entry);
    entries.push(entry);
    total += entry.uncompressedSize;
    if (entries.length <= MAX_ENTRIES) continue;
    throw new RefusedArchive(`has more than ${MAX_ENTRIES} entries`, UNPACK_YOURSELF);
  }
  if (total > maxBytes) {
    const sizes = `${formatBytes(total)}, more than the ${formatBytes(maxBytes)} that are allowed`;
    throw new RefusedArchive(`would unpack to ${sizes}`, UNPACK_YOURSELF);
  }
  assertDistinct(entries);
  return entries;
}

function assertReadable(entry: Entry): void {
  const { fileName, compressionMethod } = entry;
  const refuse = (fault: string, remedy = UNPACK_YOURSELF) => {
    throw new RefusedArchive(fault, remedy);
  };
  const unixMode = entry.externalFileAttributes >>> 16;
  if ((unixMode & FILE_TYPE_MASK) === SYMBOLIC_LINK) {
    refuse(`holds a symbolic link, ${fileName}, which may lead to any file`);
  }
  if (fileName.includes('\0')) refuse(`holds a name with a zero byte, ${JSON.stringify(fileName)}`);
  if (entry.isEncrypted()) {
    refuse(
      `is encrypted (${fileName})`,
      'Unpack it yourself with its password and pass the folder with --data.',
    );
  }
  if (!entry.canDecodeFileData()) {
    const method = METHODS[compressionMethod] ?? `method ${compressionMethod}`;
    refuse(
      `is packed with ${method} (${fileName}); Deflate and stored files are read`,
      'Unpack it yourself, with 7-Zip say, and pass the folder with --data.',
    );
  }
}

function assertDistinct(entries: readonly Entry[]): void {
  const files = new Set<string>();
  for (const { fileName } of entries) {
    if (fileName.endsWith('/')) continue;
    if (files.has(fileName)) {
      throw new RefusedArchive(`holds ${fileName} twice`, 'Pack it again, each file once.');
    }
    files.add(fileName);
  }
  for (const { fileName } of entries) {
    for (let end = fileName.lastIndexOf('/'); end > 0; end = fileName.lastIndexOf('/', end - 1)) {
      const folder = fileName.slice(0, end);
      if (!files.has(folder)) continue;
      throw new RefusedArchive(`holds ${folder} as a file and as a folder`, 'Pack it again.');
    }
  }
}

const GIBIBYTE = 1024 ** 3;

function formatBytes(bytes: number): string {
  return bytes < GIBIBYTE ? `${bytes} bytes` : `${(bytes / GIBIBYTE).toFixed(1)} GiB`;
}
