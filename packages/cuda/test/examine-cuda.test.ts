import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CudaRequirement, examineCuda } from '../src/index';
import { createFakeMachine, type FakeMachine, H100 } from './fake-machine';

const requirement: CudaRequirement = {
  consumer: 'Framework',
  major: 13,
  libraries: ['cudnn', 'cublas', 'cudart'],
  framework: {
    package: 'framework-gpu==1.2.3',
    megabytes: 100,
    licence: 'MIT',
    files: ['framework/libframework.so.1'],
  },
};
const FRAMEWORK = 'libraries/framework/libframework.so.1';
const CUDA_13 = ['libcudart.so.13', 'libcublas.so.13'].map(
  (file) => `libraries/nvidia/cu13/lib/${file}`,
);
const CUDNN = 'libraries/nvidia/cudnn/lib/libcudnn.so.9';

let machine: FakeMachine;

beforeEach(() => {
  machine = createFakeMachine();
});
afterEach(() => machine.remove());

const examineOnLinux = process.platform === 'linux' ? describe : describe.skip;

examineOnLinux('a machine', () => {
  it('without a GPU says so, whatever libraries it has', async () => {
    machine.files(FRAMEWORK, ...CUDA_13, CUDNN);
    process.env.PATH = join(machine.directory, 'bin');
    const { gpu, problem } = await examineCuda(requirement);
    expect(gpu.available).toBe(false);
    expect(problem?.reason).toContain('nvidia-smi');
  });

  it('whose driver cannot reach its GPU is told in the words of nvidia-smi', async () => {
    machine.nvidiaSmi('NVIDIA-SMI has failed because it could not communicate with the driver.', 9);
    const { problem } = await examineCuda(requirement);
    expect(problem?.reason).toContain('could not communicate with the driver');
  });

  it('with a GPU and no CUDA libraries names them, and the command that cures it', async () => {
    machine.nvidiaSmi(H100);
    const { problem } = await examineCuda(requirement);
    for (const word of [
      'framework-gpu==1.2.3',
      'libcudart.so.13',
      'libcublas.so.13',
      'libcudnn.so.9',
    ]) {
      expect(problem?.reason).toContain(word);
    }
    expect(problem?.remedy).toContain('dlcmp setup cuda');
  });

  it('with CUDA libraries of another major says which one is needed and which is there', async () => {
    machine.nvidiaSmi(H100);
    machine.files(FRAMEWORK, CUDNN, 'libraries/nvidia_cudnn_cu12-9.3.0.dist-info/RECORD');
    machine.files('libraries/nvidia/cublas/lib/libcublas.so.12');
    const { problem, libraries } = await examineCuda(requirement);
    expect(problem?.reason).toContain("CUDA 13's libraries are missing");
    expect(problem?.reason).toContain("CUDA 12's");
    expect(problem?.reason).toContain('libcublas.so.12');
    expect(libraries.missing.map(({ name, wrongMajor }) => [name, wrongMajor?.major])).toEqual([
      ['cudart', undefined],
      ['cublas', 12],
      ['cudnn', 12],
    ]);
  });

  it('with a driver too old for the major asks for a newer one', async () => {
    machine.nvidiaSmi('Tesla T4, 535.183.01, 7.5, 15360, 0');
    machine.files(FRAMEWORK, ...CUDA_13, CUDNN);
    const { problem } = await examineCuda(requirement);
    expect(problem?.reason).toContain('535.183.01');
    expect(problem?.remedy).toContain('580.65.06');
  });

  it('with everything has no problem, and loads each library after those that it needs', async () => {
    machine.nvidiaSmi(H100);
    machine.files(FRAMEWORK, ...CUDA_13, CUDNN);
    const { problem, libraries, framework, gpu } = await examineCuda(requirement);
    expect(problem).toBeUndefined();
    expect(libraries.found.map(({ name }) => name)).toEqual(['cudart', 'cublas', 'cudnn']);
    expect(framework?.paths).toEqual([join(machine.directory, FRAMEWORK)]);
    expect(gpu).toMatchObject({
      driverVersion: '580.159.04',
      gpus: [{ name: 'NVIDIA H100 80GB HBM3', computeCapability: '9.0', usedBytes: 4 * 2 ** 20 }],
    });
  });

  it('does not take the wheel for CPUs for the one for GPUs', async () => {
    machine.nvidiaSmi(H100);
    machine.files(FRAMEWORK, ...CUDA_13, CUDNN, 'libraries/framework_cpu-1.2.3.dist-info/RECORD');
    const { problem } = await examineCuda(requirement);
    expect(problem?.reason).toBe('framework-gpu==1.2.3 is not installed.');
  });
});
