import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { libraryFault } from '../../src/library/library-fault';

/** A Mach-O library of one segment that ends at byte 600, for arm64. */
function machO(): Buffer {
  const bytes = Buffer.alloc(600, 1);
  bytes.writeUInt32LE(0xfeedfacf, 0);
  bytes.writeUInt32LE(0x0100000c, 4);
  bytes.writeUInt32LE(1, 16);
  bytes.writeUInt32LE(72, 20);
  bytes.writeUInt32LE(0x19, 32);
  bytes.writeUInt32LE(72, 36);
  bytes.writeBigUInt64LE(100n, 32 + 40);
  bytes.writeBigUInt64LE(500n, 32 + 48);
  return bytes;
}

/** A universal library that has `machO()` at byte 4096, and before it an entry for x64. */
function universal(): Buffer {
  const bytes = Buffer.alloc(4096 + 600);
  const other = machO();
  other.writeUInt32LE(0x01000007, 4);
  bytes.set(other, 1024);
  bytes.set(machO(), 4096);
  bytes.writeUInt32BE(0xcafebabe, 0);
  bytes.writeUInt32BE(2, 4);
  const entries = [
    [0x01000007, 3, 1024, 600, 12],
    [0x0100000c, 0, 4096, 600, 12],
  ];
  entries.flat().forEach((value, index) => {
    bytes.writeUInt32BE(value, 8 + 4 * index);
  });
  return bytes;
}

/** A library of Windows of one section of 300 bytes at byte 512, for x64. */
function portableExecutable(): Buffer {
  const bytes = Buffer.alloc(812);
  bytes.write('MZ', 0);
  bytes.writeUInt32LE(128, 60);
  bytes.write('PE\0\0', 128);
  bytes.writeUInt16LE(34404, 132);
  bytes.writeUInt16LE(1, 134);
  bytes.writeUInt16LE(112, 148);
  const section = 128 + 24 + 112;
  bytes.writeUInt32LE(300, section + 16);
  bytes.writeUInt32LE(512, section + 20);
  return bytes;
}

describe('libraryFault', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dlcmp-library-fault-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it.each([
    ['darwin', 'arm64', 'x64', machO()],
    ['darwin', 'arm64', 'ia32', universal()],
    ['darwin', 'x64', 'ia32', universal()],
    ['win32', 'x64', 'arm64', portableExecutable()],
  ] as const)('on %s reads a library for %s', async (platform, architecture, other, bytes) => {
    const path = join(directory, 'library');
    const fault = async (content: Uint8Array, machine = architecture as string) => {
      await writeFile(path, content);
      return libraryFault(path, { platform, architecture: machine });
    };
    expect(await fault(bytes)).toBeUndefined();
    expect(await fault(bytes, other)).toMatchObject({ kind: 'foreign' });
    const cut = await fault(bytes.subarray(0, bytes.length - 1));
    // Of a universal library, only the part for this machine counts.
    if (architecture === 'x64' && platform === 'darwin') expect(cut).toBeUndefined();
    else expect(cut).toMatchObject({ kind: 'damaged', reason: expect.stringContaining('cut off') });
    for (const size of [0, 5, 30, 100]) {
      expect(await fault(bytes.subarray(0, size))).toMatchObject({ kind: 'damaged' });
    }
    expect(await fault(Buffer.from('text '.repeat(100)))).toMatchObject({
      kind: 'damaged',
      reason: `${path} is no shared library for ${platform}`,
    });
  });

  it('finds nothing against this Node.js itself', () => {
    expect(libraryFault(process.execPath)).toBeUndefined();
  });
});
