/** What a zip archive says of one of its files, from its central directory. */
const ENTRY_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;

/**
 * The files of a zip archive whose files are stored as they are, as those of PyTorch are: views of `bytes` by their paths.
 *
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16
 *
 * @returns the reason where it cannot be read
 */
export function storedFiles(bytes: Buffer): ReadonlyMap<string, Buffer> | string {
  const end = endRecord(bytes);
  if (end === undefined) return 'its list of files is missing or cut short';
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const files = new Map<string, Buffer>();
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE)
      return 'its list of files is damaged, or larger than 4 GB';
    const entry = readEntry(bytes, at);
    if (entry.method !== 0) return `its file ${entry.name} is compressed`;
    const start = contentStart(bytes, entry.header);
    if (start === undefined || start + entry.size > bytes.length)
      return `its file ${entry.name} is cut short`;
    files.set(entry.name, bytes.subarray(start, start + entry.size));
    at = entry.next;
  }
  return files;
}

function readEntry(bytes: Buffer, at: number) {
  const nameLength = bytes.readUInt16LE(at + 28);
  const rest = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  return {
    method: bytes.readUInt16LE(at + 10),
    size: bytes.readUInt32LE(at + 24),
    header: bytes.readUInt32LE(at + 42),
    name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
    next: at + 46 + nameLength + rest,
  };
}

/** Behind the file's own header, whose lengths may differ from the list's. */
function contentStart(bytes: Buffer, header: number): number | undefined {
  if (header + 30 > bytes.length) return undefined;
  return header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
}

/** A comment of any length may follow it. */
function endRecord(bytes: Buffer): number | undefined {
  const last = bytes.length - END_BYTES;
  for (let at = last; at >= 0 && at >= last - LONGEST_COMMENT; at--) {
    if (bytes.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  return undefined;
}
