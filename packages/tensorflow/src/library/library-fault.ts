import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { BinaryHeader, ReadBytes, ReadHeader } from './binary/binary-header';
import { readElf } from './binary/elf';
import { definedFunctions } from './binary/elf-symbols';
import { readMachO } from './binary/mach-o';
import { readPortableExecutable } from './binary/portable-executable';

/** Why a file must not be loaded. */
export interface LibraryFault {
  /** `foreign`: it is a library for another machine; `damaged`: it is none, or not all of one. */
  readonly kind: 'foreign' | 'damaged';
  readonly reason: string;
}

/** A machine, in Node.js's words. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
}

const THIS_MACHINE: Machine = { platform: process.platform, architecture: process.arch };

const FORMATS: Readonly<Partial<Record<NodeJS.Platform, ReadHeader>>> = {
  linux: readElf,
  darwin: readMachO,
  win32: readPortableExecutable,
};

/**
 * What the headers of a shared library say against loading it here. The system maps a library into memory without reading it, and
 * ends the process by SIGBUS where the file turns out to be shorter than that.
 */
export function libraryFault(path: string, machine = THIS_MACHINE): LibraryFault | undefined {
  const file = openSync(path, 'r');
  try {
    return faultOf(file, path, machine);
  } finally {
    closeSync(file);
  }
}

/**
 * A function of those named that none of the libraries defines, as the one's version is another; undefined where there is none, or
 * where that cannot be told.
 */
export function missingFunction(
  paths: readonly string[],
  names: readonly string[],
): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const files = paths.map((path) => openSync(path, 'r'));
  try {
    const tests = files.map((file) => definedFunctions(readerOf(file)));
    if (tests.includes(undefined)) return undefined;
    return names.find((name) => tests.every((isDefined) => !isDefined?.(name)));
  } finally {
    for (const file of files) closeSync(file);
  }
}

class EndOfFile extends Error {}

function readerOf(file: number): ReadBytes {
  const { size } = fstatSync(file);
  return (offset, length) => {
    if (offset + length > size) throw new EndOfFile();
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, offset);
    return bytes;
  };
}

function faultOf(
  file: number,
  path: string,
  { platform, architecture }: Machine,
): LibraryFault | undefined {
  const { size } = fstatSync(file);
  const read = readerOf(file);
  const damaged = (what: string): LibraryFault => ({ kind: 'damaged', reason: `${path} ${what}` });
  let header: BinaryHeader | undefined;
  try {
    header = FORMATS[platform]?.(read, architecture);
  } catch (error) {
    if (error instanceof EndOfFile) return damaged(`is cut off after ${size} bytes`);
    throw error;
  }
  if (!header) return damaged(`is no shared library for ${platform}`);
  if (header.architecture !== architecture) {
    const reason = `${path} is built for ${header.architecture}, and this Node.js for ${architecture}`;
    return { kind: 'foreign', reason };
  }
  if (header.size > size) return damaged(`is cut off: it has ${size} of ${header.size} bytes`);
  if (!header.isFilled) return damaged('was not written to its end');
  return undefined;
}
