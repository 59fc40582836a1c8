import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('./interop.py', import.meta.url));

/** Runs `interop.py` with the interpreter in `DLCMP_INTEROP_PYTHON`, else `python3`. */
export async function runPython(...parameters: readonly string[]): Promise<void> {
  const python = process.env.DLCMP_INTEROP_PYTHON ?? 'python3';
  await promisify(execFile)(python, ['-W', 'ignore', PROGRAM, ...parameters]);
}

/** Writes bytes [count, height, width, 3] as `pixels.npy` (NumPy's format, version 1). */
export async function writePixels(
  directory: string,
  pixels: Uint8Array,
  shape: readonly number[],
): Promise<void> {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const prefix = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  const padded = `${header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11)}\n`;
  prefix.writeUInt16LE(padded.length, 8);
  await writeFile(
    join(directory, 'pixels.npy'),
    Buffer.concat([prefix, Buffer.from(padded), pixels]),
  );
}

/** The numbers of a file of little-endian float32. */
export async function readFloats(path: string): Promise<Float32Array> {
  return new Float32Array(new Uint8Array(await readFile(path)).buffer);
}
