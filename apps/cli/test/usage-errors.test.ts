import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runDlcmp } from './run-dlcmp';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-cli-'));
});

afterAll(() => rm(directory, { recursive: true }));

describe('a mistake of the user', () => {
  it.each([
    [
      ['bench', '--adapters', 'caffe'],
      ['"caffe"', 'rf, onnx, tfjs'],
    ],
    [
      ['bench', '--contenders', 'onnx:quantum'],
      ['onnx:quantum', 'onnx:'],
    ],
    [
      ['bench', '--contenders', 'onnx=cpu'],
      ['onnx=cpu', 'ADAPTER[:ENGINE][@DEVICE]'],
    ],
    [
      ['bench', '--contenders', 'rf', '--adapters', 'rf'],
      ['--adapters', '--contenders'],
    ],
    [['bench', '--contenders', 'rf,rf:exact'], ['takes part twice']],
    [
      ['bench', '--network', 'resnet-50'],
      ['resnet-50', 'resnet-18', 'JSON'],
    ],
    [['bench', '--network', 'missing.json'], ['missing.json']],
    [
      ['bench', '--network', 'mobilenet-v2', '--train', 'head', '--contenders', 'onnx:blocks'],
      ['onnx:blocks does not train head of mobilenet-v2', 'features.0.0', 'another engine'],
    ],
    [
      ['bench', '--weights', 'missing.pth'],
      ['missing.pth', 'Check the path'],
    ],
    [
      ['weights', 'download', 'resnet-50'],
      ['resnet-50', 'efficientnet-lite0', '.safetensors'],
    ],
    [
      ['bench', '--epochs', '0'],
      ['--epochs', 'at least 1'],
    ],
    [
      ['bench', '--track', 'fast'],
      ['--track', 'parity, defaults'],
    ],
    [
      ['bench', '--scenario', 'soak,drown'],
      ['--scenario', 'Scenarios are soak'],
    ],
    [
      ['bench', '--requests', '5000'],
      ['--requests', 'add --scenario soak'],
    ],
    [
      ['bench', '--p99-bound', '100'],
      ['--p99-bound', 'add --scenario server'],
    ],
    [
      ['bench', '--scenario', 'soak', '--requests', '10'],
      ['--requests', 'at least 1000'],
    ],
    [
      ['bench', '--target-accuracy', '80'],
      ['--target-accuracy', '0.8'],
    ],
    [
      ['bench', '--trial-timeout', '0'],
      ['--trial-timeout', 'above 0'],
    ],
    [['bench', '--data', 'nowhere'], ['nowhere']],
    [
      ['bench', '--mlflow', 'not-a-url'],
      ['not-a-url', 'http://127.0.0.1:5000'],
    ],
    [
      ['bench', '--mlflow', 'ftp://example.org'],
      ['ftp://example.org', 'http address'],
    ],
    [
      ['bench', '--threads', '100000'],
      ['--threads', 'at most'],
    ],
    [
      ['predict', '--model', 'nowhere', '--threads', '100000', 'a.jpg'],
      ['--threads', 'at most'],
    ],
    [
      ['bench', '--resume', '--force'],
      ['--resume', '--force'],
    ],
    [
      ['bench', '--shard', '4/3'],
      ['--shard', 'K/N', '$SLURM_ARRAY_TASK_ID/N'],
    ],
    [
      ['bench', '--adapters', 'rf', '--seeds', '2', '--shard', '3/3'],
      ['--shard 3/3', '2 seeds', 'add --seeds'],
    ],
    [
      ['bench', '--runner', 'slurm'],
      ['--runner slurm needs --out', 'all nodes see'],
    ],
    [
      ['bench', '--runner', 'slurm', '--out', 'study', '--shard', '1/2'],
      ['--runner slurm', 'leave --shard out'],
    ],
    [
      ['bench', '--slurm-option', '--time=1'],
      ['--slurm-option', 'add --runner slurm'],
    ],
    [
      ['ab', '.', '.', '--contenders', 'rf', '--seeds', '3'],
      ['--seeds: 3 pairs', 'at least 7'],
    ],
    [
      ['ab', '.', '.', '--contenders', 'rf', '--out', 'ab'],
      ['base', 'does not hold the adapter of rf', 'build the checkout'],
    ],
    [
      ['merge', 'nowhere', '--out', 'merged'],
      ['nowhere', 'no such folder'],
    ],
    [['merge', 'nowhere'], ['--out']],
    [
      ['bench', '--sead', '3'],
      ['--sead', '--seeds'],
    ],
    [['bench', '--resume', '--data', 'nowhere'], ['nowhere']],
    [['train', 'caffe'], ['"caffe"']],
    [
      ['predict', '--model', 'nowhere', 'a.jpg'],
      ['nowhere', 'dlcmp train'],
    ],
    [
      ['infer', 'nowhere.onnx', '--images', '.'],
      ['nowhere.onnx', '.onnx file'],
    ],
    [
      ['infer', 'nowhere.onnx', '--images', '.', '--runtimes', 'caffe'],
      ['"caffe"', 'onnxruntime-node, tensorflow'],
    ],
    [
      ['infer', 'nowhere.onnx', '--images', '.', '--resize', 'area'],
      ['--resize', 'bicubic'],
    ],
    [
      ['predict', '--model', 'nowhere.onnx', 'a.jpg'],
      ['nowhere.onnx', '.onnx file'],
    ],
    [['parity', '--reference', 'nowhere'], ['trajectory.json']],
    [
      ['parity', '--reference', 'nowhere', '--adapters', 'rf'],
      ['--contenders', 'onnx, tfjs'],
    ],
    ...[
      ['report', 'nowhere'],
      ['compare', 'nowhere', 'nowhere'],
      ['history', 'nowhere'],
    ].map((args): [string[], string[]] => [args, ['nowhere can', 'no such folder', 'dlcmp bench']]),
    [
      ['report', '.'],
      ['. holds no results.json', 'dlcmp bench'],
    ],
    [['data', 'explore', 'nowhere'], ['nowhere']],
    [['data', 'download', '--from', 'nowhere.zip'], ['nowhere.zip']],
    [['fly'], ['fly']],
  ])('dlcmp %j exits 2 and names it', async (args, words) => {
    const { status, stdout, stderr } = await runDlcmp(args, directory);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    for (const word of words) expect(stderr).toContain(word);
    expect(stderr).not.toContain('    at ');
  });

  it('leaves no results behind', async () => {
    await runDlcmp(['bench', '--data', 'nowhere', '--out', 'unwanted'], directory);
    const { status } = await runDlcmp(['report', 'unwanted'], directory);
    expect(status).toBe(2);
  });
});

describe('--help', () => {
  it.each([
    [[]],
    [['bench']],
    [['train']],
    [['predict']],
    [['infer']],
    [['quantize']],
    [['parity']],
    [['report']],
    [['doctor']],
    [['data']],
    [['data', 'download']],
    [['data', 'sample']],
    [['data', 'explore']],
    [['data', 'verify']],
  ])('of dlcmp %j exits 0 and fits a terminal', async (args) => {
    const { status, stdout } = await runDlcmp([...args, '--help'], directory);
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: dlcmp');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});
