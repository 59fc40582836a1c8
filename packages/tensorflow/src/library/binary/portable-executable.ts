/*
 * Shared libraries of Windows. Source: https://learn.microsoft.com/windows/win32/debug/pe-format
 */
import type { BinaryHeader, ReadBytes } from './binary-header';

const MACHINES: Readonly<Record<number, string>> = {
  332: 'ia32',
  34404: 'x64',
  43620: 'arm64',
};

const SECTION_BYTES = 40;

export function readPortableExecutable(read: ReadBytes): BinaryHeader | undefined {
  const dos = read(0, 64);
  if (dos.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const start = dos.readUInt32LE(60);
  const header = read(start, 24);
  if (header.toString('latin1', 0, 4) !== 'PE\0\0') return undefined;
  const machine = header.readUInt16LE(4);
  const sections = read(
    start + header.length + header.readUInt16LE(20),
    header.readUInt16LE(6) * SECTION_BYTES,
  );
  let size = start + header.length;
  for (let at = 0; at < sections.length; at += SECTION_BYTES) {
    size = Math.max(size, sections.readUInt32LE(at + 16) + sections.readUInt32LE(at + 20));
  }
  return { architecture: MACHINES[machine] ?? `machine ${machine}`, size, isFilled: true };
}
