import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runDlcmp } from './run-dlcmp';

/*
 * Machines made of folders: libraries are looked for in `libraries` alone, and `nvidia-smi` is a script. No library is ever
 * loaded.
 */
let directory: string;
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'dlcmp-gpu-'));
  environment = { ...process.env };
  mkdirSync(join(directory, 'bin'));
  process.env.DLCMP_CUDA = join(directory, 'libraries');
  // Peers in Python are not what is asked about.
  process.env.DLCMP_PYTHON = join(directory, 'no-python');
  process.env.PATH = [join(directory, 'bin'), process.env.PATH].join(delimiter);
});
afterEach(() => {
  process.env = environment;
  rmSync(directory, { recursive: true });
});

function addFiles(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(directory, 'libraries', path)), { recursive: true });
    writeFileSync(join(directory, 'libraries', path), '');
  }
}

function addProgram(name: string, script: string): void {
  const path = join(directory, 'bin', name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

const addGpu = () =>
  addProgram('nvidia-smi', "echo 'NVIDIA H100 80GB HBM3, 580.159.04, 9.0, 81559, 4'");
const addNoGpu = () =>
  addProgram('nvidia-smi', "echo 'NVIDIA-SMI has failed: no devices were found'; exit 9");

/** Both frameworks, and CUDA's libraries of the major that each does not want. */
function addWrongMajors(): void {
  addFiles(
    'onnxruntime/capi/libonnxruntime_providers_shared.so',
    'onnxruntime/capi/libonnxruntime_providers_cuda.so',
    'onnxruntime/capi/libonnxruntime.so.1.30.0',
    'nvidia/cublas/lib/libcublas.so.12',
    'nvidia/cuda_runtime/lib/libcudart.so.12',
  );
}

const bench = (...more: string[]) =>
  runDlcmp(
    [
      ...['bench', '--data', 'sample', '--limit', '24', '--epochs', '1', '--image-size', '16'],
      ...['--seeds', '1', '--out', 'out', '--contenders', 'rf,onnx@cuda', ...more],
    ],
    directory,
  );

/** Of the forest and of the network, in whichever order they ran. */
function trials(): { adapter: string; status: string; error?: { message: string } }[] {
  const results = JSON.parse(readFileSync(join(directory, 'out/results.json'), 'utf8'));
  return ['baseline-rf', 'cnn-onnx'].map((id) =>
    results.trials.find(({ adapter }: { adapter: string }) => adapter === id),
  );
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('without a GPU', () => {
  beforeEach(addNoGpu);

  it('doctor says so, and shows what can run', async () => {
    const { stdout } = await runDlcmp(['doctor'], directory);
    expect(stdout).toContain('CUDA: no NVIDIA GPU: nvidia-smi says: NVIDIA-SMI has failed');
    expect(stdout).toContain('✗ cuda: no NVIDIA GPU');
    expect(stdout).toContain('✓ exact on CPU');
    expect(stdout).toContain('✓ graph on CPU');
  });

  it('setup cuda says so and fetches nothing', async () => {
    addProgram('fetch', 'touch fetched');
    process.env.DLCMP_PYTHON = join(directory, 'bin/fetch');
    const { stdout, status } = await runDlcmp(['setup', 'cuda'], directory);
    expect(status).toBe(1);
    expect(stdout).toContain('no NVIDIA GPU');
    expect(stdout).toContain('Every adapter runs on the CPU as it is');
    expect(() => readFileSync(join(directory, 'fetched'))).toThrow('ENOENT');
  });

  it('bench says so, trains what can run, and exits 1', async () => {
    const { stderr, status } = await bench();
    expect(status).toBe(1);
    expect(stderr).toContain('onnx@cuda: no NVIDIA GPU');
    expect(trials().map(({ adapter, status }) => [adapter, status])).toEqual([
      ['baseline-rf', 'completed'],
      ['cnn-onnx', 'failed'],
    ]);
    expect(trials()[1]?.error?.message).toContain('no NVIDIA GPU');
  });

  it('bench stops before any work where nothing that was asked for can run', async () => {
    const { stderr, status } = await bench('--contenders', 'onnx@cuda');
    expect(status).toBe(2);
    expect(stderr).toContain('onnx@cuda: no NVIDIA GPU');
  });
});

onLinux('with a GPU and no CUDA libraries', () => {
  beforeEach(addGpu);

  it('doctor names the GPU, what is missing and the command that brings it', async () => {
    const { stdout } = await runDlcmp(['doctor'], directory);
    expect(stdout).toContain('CUDA: driver 580.159.04');
    expect(stdout).toContain('NVIDIA H100 80GB HBM3, compute capability 9.0, 79.6 GiB');
    for (const file of ['libcublas.so.13: missing', 'libcublas.so.12: missing']) {
      expect(stdout).toContain(file);
    }
    expect(stdout).toContain('Run: dlcmp setup cuda');
  });

  it('setup cuda tells sizes and licences, and fetches with the Python at hand', async () => {
    addProgram('python', `echo "$@" >> ${directory}/asked; exit 1`);
    process.env.DLCMP_PYTHON = join(directory, 'bin/python');
    process.env.PATH = join(directory, 'bin');
    addProgram('uv', 'exit 1');
    const { stdout, stderr, status } = await runDlcmp(
      ['setup', 'cuda', '--adapters', 'onnx'],
      directory,
    );
    expect(status).toBe(2);
    expect(stdout).toMatch(/onnxruntime-gpu==1\.30\.0 +247 MB {2}MIT/);
    expect(stdout).toMatch(/nvidia-cublas>=13,<14 +444 MB {2}NVIDIA proprietary/);
    expect(readFileSync(join(directory, 'asked'), 'utf8')).toContain('onnxruntime-gpu==1.30.0');
    expect(stderr).toContain('DLCMP_CUDA');
  });

  it('bench says what is missing and trains what can run', async () => {
    const { stderr, status } = await bench();
    expect(status).toBe(1);
    expect(stderr).toContain("CUDA 13's libraries are missing");
    expect(stderr).toContain('Run: dlcmp setup cuda');
    expect(trials().map(({ status }) => status)).toEqual(['completed', 'failed']);
  });
});

onLinux('with CUDA libraries of the wrong major', () => {
  beforeEach(() => {
    addGpu();
    addWrongMajors();
  });

  it('doctor says which major is there and which one is wanted', async () => {
    const { stdout } = await runDlcmp(['doctor'], directory);
    expect(stdout).toContain("✗ onnx: CUDA 13's libraries are missing");
    expect(stdout).toContain("and what is here is CUDA 12's");
    expect(stdout).toContain('libcublas.so.13: missing; of CUDA 12:');
  });

  it('setup cuda asks for the right one', async () => {
    const { stdout, status } = await runDlcmp(
      ['setup', 'cuda', '--adapters', 'onnx', '--dry-run'],
      directory,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('nvidia-cublas>=13,<14');
    expect(stdout).not.toContain('onnxruntime-gpu==');
  });

  it('bench says so and trains what can run', async () => {
    const { stderr, status } = await bench();
    expect(status).toBe(1);
    expect(stderr).toContain("what is here is CUDA 12's");
    expect(trials().map(({ status }) => status)).toEqual(['completed', 'failed']);
  });
});
