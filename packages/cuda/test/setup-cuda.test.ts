import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { planCudaSetup, setupCuda } from '../src/index';
import { createFakeMachine, type FakeMachine } from './fake-machine';

let machine: FakeMachine;

beforeEach(() => {
  machine = createFakeMachine();
  process.env.DLCMP_PYTHON = join(machine.directory, 'bin/python3');
});
afterEach(() => machine.remove());

/** A program that notes its arguments and lays out what a wheel holds in the folder after `--target`. */
function fakePython(script: string): void {
  const path = join(machine.directory, 'bin/python3');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

const packages = [
  { requested: 'nvidia-cublas>=13,<14', megabytes: 444, licence: 'NVIDIA proprietary' },
];

describe('planCudaSetup', () => {
  it('asks for each wheel once, within its major', () => {
    const requirement = {
      consumer: 'Framework',
      major: 13,
      libraries: [],
      framework: { package: 'framework-gpu', megabytes: 100, licence: 'MIT', files: [] },
    } as const;
    const planned = planCudaSetup(requirement, ['cublasLt', 'cublas', 'cudart'], true);
    expect(planned.map(({ requested }) => requested)).toEqual([
      'framework-gpu',
      'nvidia-cublas>=13,<14',
      'nvidia-cuda-runtime>=13,<14',
    ]);
  });
});

const onPosix = process.platform === 'win32' ? describe.skip : describe;

onPosix('setupCuda', () => {
  it("keeps the libraries and what the wheel says about itself, and nothing of Python's", async () => {
    fakePython(`
      echo "$@" > ${machine.directory}/arguments
      while [ "$1" != --target ]; do shift; done
      mkdir -p "$2/nvidia/cublas/lib" "$2/nvidia/cublas/include" "$2/nvidia_cublas-13.1.dist-info"
      touch "$2/nvidia/cublas/lib/libcublas.so.13" "$2/nvidia/cublas/__init__.py"
      touch "$2/nvidia/cublas/include/cublas.h" "$2/nvidia_cublas-13.1.dist-info/RECORD"`);
    const directory = await setupCuda({ major: 13, packages });
    expect(readFileSync(join(machine.directory, 'arguments'), 'utf8')).toContain(
      'nvidia-cublas>=13,<14',
    );
    expect(readdirSync(directory).sort()).toEqual(['nvidia', 'nvidia_cublas-13.1.dist-info']);
    expect(readdirSync(join(directory, 'nvidia/cublas'))).toEqual(['lib']);
    expect(existsSync(join(directory, 'nvidia/cublas/lib/libcublas.so.13'))).toBe(true);
  });

  it('leaves nothing behind where it fails, and says why and what else would do', async () => {
    fakePython('echo "ERROR: No matching distribution found for nvidia-cublas" >&2; exit 1');
    process.env.PATH = join(machine.directory, 'bin');
    await expect(setupCuda({ major: 13, packages })).rejects.toThrow(
      /No matching distribution[\s\S]*DLCMP_CUDA/,
    );
    expect(readdirSync(join(machine.directory, 'cache/dlcmp/cuda'))).toEqual([]);
  });
});
