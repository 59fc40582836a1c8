/*
 * Shared libraries of macOS, for one architecture or for several ("universal").
 * Source: <mach-o/loader.h> and <mach-o/fat.h> of Apple's open-source kernel, https://github.com/apple-oss-distributions/xnu.
 */
import type { BinaryHeader, ReadBytes } from './binary-header';

const MAGIC_64 = 0xfeedfacf;
const MAGIC_UNIVERSAL = 0xcafebabe;
const HEADER_BYTES = 32;
const SEGMENT_64 = 0x19;

const CPUS: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64' };

export function readMachO(read: ReadBytes, architecture: string): BinaryHeader | undefined {
  const start = read(0, 8);
  if (start.readUInt32LE(0) === MAGIC_64) return readOne(read, 0);
  if (start.readUInt32BE(0) !== MAGIC_UNIVERSAL) return undefined;
  const headers = Array.from({ length: start.readUInt32BE(4) }, (_, index) => {
    const entry = read(8 + 20 * index, 20);
    return { offset: entry.readUInt32BE(8), size: entry.readUInt32BE(12) };
  }).map(({ offset, size }) => {
    const header = readOne(read, offset);
    return header && { ...header, size: Math.max(header.size, offset + size) };
  });
  return headers.find((header) => header?.architecture === architecture) ?? headers[0];
}

function readOne(read: ReadBytes, start: number): BinaryHeader | undefined {
  const header = read(start, HEADER_BYTES);
  if (header.readUInt32LE(0) !== MAGIC_64) return undefined;
  const cpu = header.readUInt32LE(4);
  const commands = read(start + HEADER_BYTES, header.readUInt32LE(20));
  let size = start + HEADER_BYTES + commands.length;
  for (let at = 0; at + 8 <= commands.length; at += commands.readUInt32LE(at + 4) || 8) {
    if (commands.readUInt32LE(at) !== SEGMENT_64) continue;
    const end = commands.readBigUInt64LE(at + 40) + commands.readBigUInt64LE(at + 48);
    size = Math.max(size, start + Number(end));
  }
  return { architecture: CPUS[cpu] ?? `CPU type ${cpu}`, size, isFilled: true };
}
