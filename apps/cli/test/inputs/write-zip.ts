import { writeFile } from 'node:fs/promises';

/** One entry, stored; what is given besides is written as it is, sound or not. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** Compression method that the directory states. Default 0, stored. */
  readonly method?: number;
  /** General-purpose flags; 1: encrypted. */
  readonly flags?: number;
  /** Unix mode with the file's type. */
  readonly mode?: number;
  /** Bytes that it is said to unpack to. Default: as many as there are. */
  readonly statedSize?: number;
  /** Default: the content's. */
  readonly statedCrc?: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** Writes a zip archive (APPNOTE 4.3), `disk` being the number of its part. */
export async function writeZip(
  path: string,
  entries: readonly ZipEntry[],
  disk = 0,
): Promise<void> {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const common = commonHeader(entry);
    const name = Buffer.from(entry.name);
    const local = Buffer.concat([uint32(LOCAL), common, name, entry.content]);
    centrals.push(
      Buffer.concat([
        uint32(CENTRAL),
        uint16(0x0314),
        common,
        uint16(0, 0, 0),
        uint32((entry.mode ?? 0o100644) << 16, offset),
        name,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.concat([
    uint32(END),
    uint16(disk, 0, entries.length, entries.length),
    uint32(directory.length, offset),
    uint16(0),
  ]);
  await writeFile(path, Buffer.concat([...locals, directory, end]));
}

/** What the local and the central header share, from the version that is needed to the extra field's length. */
function commonHeader({
  name,
  content,
  method = 0,
  flags = 0,
  statedSize,
  statedCrc,
}: ZipEntry): Buffer {
  return Buffer.concat([
    uint16(20, flags | 0x800, method, 0, 0),
    uint32(statedCrc ?? crc32(content), content.length, statedSize ?? content.length),
    uint16(Buffer.byteLength(name), 0),
  ]);
}

function uint16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, index * 2);
  return bytes;
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, index * 4);
  return bytes;
}

/** The zip format's checksum (ISO 3309), a bit at a time. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
