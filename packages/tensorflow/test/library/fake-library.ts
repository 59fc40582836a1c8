import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionNames } from '../../src/binding/c-functions';

const COMPILER = 'cc';

/** Whether a library can be made here: on Linux, with a C compiler. */
export const canMakeLibrary = process.platform === 'linux' && hasCompiler();

function hasCompiler(): boolean {
  try {
    execFileSync(COMPILER, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The library's files, the last of which has the functions. */
export const FAKE_FILES = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'] as const;

/**
 * Makes a libtensorflow in `directory` that has every function and computes nothing: they return 0, but for its version and
 * a list of kernels, which is empty.
 *
 * @param without a function that it lacks
 */
export function makeFakeLibrary(directory: string, version: string, without?: string): void {
  const special: Readonly<Record<string, string>> = {
    TF_Version: `const char *TF_Version(void) { return "${version}"; }`,
    TF_GetRegisteredKernelsForOp: 'void *TF_GetRegisteredKernelsForOp(void) { return nothing; }',
  };
  const functions = functionNames()
    .filter((name) => name !== without)
    .map((name) => special[name] ?? `long long ${name}(void) { return 0; }`);
  mkdirSync(directory, { recursive: true });
  const source = join(directory, 'library.c');
  writeFileSync(source, ['static long long nothing[4];', ...functions].join('\n'));
  for (const file of FAKE_FILES) {
    execFileSync(COMPILER, ['-shared', '-fPIC', '-o', join(directory, file), source]);
  }
}
