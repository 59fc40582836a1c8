/*
 * Shared libraries of Linux. Source: the System V ABI, https://gabi.xinuos.com/elf/02-eheader.html, and elf(5).
 */
import type { BinaryHeader, ReadBytes } from './binary-header';

const MAGIC = '\x7fELF';
const HEADER_BYTES = 64;
const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;

const MACHINES: Readonly<Record<number, string>> = {
  3: 'ia32',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
};

const LOADED = 1;
const NULL_SECTION = 0;
const NO_BITS = 8;

/** The program headers say what is loaded, the section headers, which mostly stand last, what else there is. */
export function readElf(read: ReadBytes): BinaryHeader | undefined {
  const header = read(0, HEADER_BYTES);
  if (header.toString('latin1', 0, 4) !== MAGIC) return undefined;
  const machine = header.readUInt16LE(18);
  const architecture = MACHINES[machine] ?? `machine ${machine}`;
  if (header[4] !== CLASS_64 || header[5] !== LITTLE_ENDIAN) {
    return { architecture, size: 0, isFilled: true };
  }
  const programs = table(read, header, { offset: 32, entryBytes: 54, count: 56 });
  const sections = table(read, header, SECTIONS);
  const ends = [
    ...programs.entries
      .filter((entry) => entry.readUInt32LE(0) === LOADED)
      .map((entry) => Number(entry.readBigUInt64LE(8) + entry.readBigUInt64LE(32))),
    ...sections.entries
      .filter((entry) => entry.readUInt32LE(4) !== NO_BITS)
      .map((entry) => Number(entry.readBigUInt64LE(24) + entry.readBigUInt64LE(32))),
  ];
  const isFilled = sections.entries
    .slice(1)
    .every((entry) => entry.readUInt32LE(4) !== NULL_SECTION);
  return { architecture, size: Math.max(programs.end, sections.end, ...ends), isFilled };
}

const SECTIONS: TableFields = { offset: 40, entryBytes: 58, count: 60 };

/** Where in the header a table's offset (64 bits), bytes of an entry and number of entries (16 bits) stand. */
interface TableFields {
  readonly offset: number;
  readonly entryBytes: number;
  readonly count: number;
}

function table(read: ReadBytes, header: Buffer, fields: TableFields) {
  const start = Number(header.readBigUInt64LE(fields.offset));
  const entryBytes = header.readUInt16LE(fields.entryBytes);
  const count = header.readUInt16LE(fields.count);
  const bytes = read(start, count * entryBytes);
  const entries = Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * entryBytes, (index + 1) * entryBytes),
  );
  return { entries, end: start + bytes.length };
}

/** A part of the file, by the section headers. */
export interface ElfSection {
  readonly type: number;
  readonly offset: number;
  /** Number of the section that goes with it, as names with symbols. */
  readonly link: number;
}

/** The sections of a library of 64 bits. */
export function sectionsOf(read: ReadBytes): ElfSection[] {
  const { entries } = table(read, read(0, HEADER_BYTES), SECTIONS);
  return entries.map((entry) => ({
    type: entry.readUInt32LE(4),
    offset: Number(entry.readBigUInt64LE(24)),
    link: entry.readUInt32LE(40),
  }));
}
