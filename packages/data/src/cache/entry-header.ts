import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './write-atomically';

/** Beside each file of pixels; an entry counts only once this is there. */
export interface EntryHeader {
  readonly bytes: number;
  /** When the pixels were last written, in nanoseconds: whoever touches them makes the entry void. */
  readonly modifiedNs: string;
  readonly height: number;
  readonly width: number;
  /** Files that could not be decoded: index among all files of the key, and why. */
  readonly bad: readonly { readonly index: number; readonly reason: string }[];
}

export const PIXELS_SUFFIX = '.rgb';
export const HEADER_SUFFIX = '.json';

/** The raw pixels of an entry: bytes in batch, height, width, RGB order, and nothing else. */
export function pixelsFile(directory: string, key: string): string {
  return join(directory, key + PIXELS_SUFFIX);
}

export function headerFile(directory: string, key: string): string {
  return join(directory, key + HEADER_SUFFIX);
}

/** The header of an entry; undefined where there is none, or it is not one. */
export async function readHeader(directory: string, key: string): Promise<EntryHeader | undefined> {
  try {
    const header: unknown = JSON.parse(await readFile(headerFile(directory, key), 'utf8'));
    return isHeader(header) ? header : undefined;
  } catch {
    // Whatever keeps it from being read, decoding again makes a good one.
    return undefined;
  }
}

function isHeader(value: unknown): value is EntryHeader {
  if (typeof value !== 'object' || value === null) return false;
  const { bytes, modifiedNs, height, width, bad } = value as Partial<EntryHeader>;
  return (
    [bytes, height, width].every((number) => Number.isSafeInteger(number)) &&
    typeof modifiedNs === 'string' &&
    Array.isArray(bad) &&
    bad.every((one) => Number.isInteger(one?.index) && typeof one.reason === 'string')
  );
}

export async function writeHeader(
  directory: string,
  key: string,
  entry: Omit<EntryHeader, 'modifiedNs'>,
): Promise<void> {
  const modifiedNs = await modificationOf(pixelsFile(directory, key));
  await writeAtomically(directory, async (file) => {
    await file.writeFile(JSON.stringify({ ...entry, modifiedNs }));
    return key + HEADER_SUFFIX;
  });
}

/** When a file was last written, in nanoseconds. */
export async function modificationOf(path: string): Promise<string> {
  return String((await stat(path, { bigint: true })).mtimeNs);
}
