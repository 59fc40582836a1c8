import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CudaMajor } from './libraries/library-table';

/** One GPU, as its driver describes it. */
export interface NvidiaGpu {
  readonly name: string;
  /** Version of what its cores can compute, as `9.0`. */
  readonly computeCapability: string;
  readonly memoryBytes: number;
  /** Memory that other processes hold now. */
  readonly usedBytes: number;
}

/** NVIDIA's driver and its GPUs, or why there are none. */
export type NvidiaReport =
  | {
      readonly available: true;
      readonly driverVersion: string;
      /** At least one. */
      readonly gpus: readonly NvidiaGpu[];
    }
  | { readonly available: false; readonly reason: string };

const FIELDS = ['name', 'driver_version', 'compute_cap', 'memory.total', 'memory.used'];
const MEBIBYTE = 2 ** 20;
const TIMEOUT_MS = 20_000;

/** Asks `nvidia-smi`, which comes with NVIDIA's driver. Never throws. */
export async function readNvidiaGpus(): Promise<NvidiaReport> {
  try {
    const args = [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'];
    const { stdout } = await promisify(execFile)('nvidia-smi', args, {
      timeout: TIMEOUT_MS,
      env: process.env,
    });
    return parse(stdout);
  } catch (error) {
    return { available: false, reason: explain(error) };
  }
}

function parse(output: string): NvidiaReport {
  const rows = output
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()));
  const gpus = rows
    .filter((row) => row.length === FIELDS.length)
    .map(([name, , computeCapability, total, used]) => ({
      name: name as string,
      computeCapability: computeCapability as string,
      memoryBytes: Number(total) * MEBIBYTE,
      usedBytes: Number(used) * MEBIBYTE,
    }));
  if (gpus.length === 0) {
    return { available: false, reason: `nvidia-smi lists no GPU: ${output.trim() || 'nothing'}` };
  }
  return { available: true, driverVersion: rows[0]?.[1] ?? '', gpus };
}

function explain(error: unknown): string {
  const {
    code,
    stdout = '',
    stderr = '',
  } = error as NodeJS.ErrnoException & {
    stdout?: string;
    stderr?: string;
  };
  if (code === 'ENOENT')
    return "no NVIDIA GPU: nvidia-smi, which comes with NVIDIA's driver, is not here.";
  const [line] = `${stderr}${stdout}`.trim().split('\n');
  return `no NVIDIA GPU: nvidia-smi says: ${line || (error as Error).message}`;
}

/**
 * The oldest Linux driver that runs programs for each major version of CUDA.
 *
 * Source: https://docs.nvidia.com/cuda/cuda-toolkit-release-notes, table "minor version compatibility".
 */
export const OLDEST_DRIVER: Readonly<Record<CudaMajor, string>> = {
  12: '525.60.13',
  13: '580.65.06',
};

/** Whether the version `driver` is new enough for CUDA `major`. */
export function driverServes(driver: string, major: CudaMajor): boolean {
  const [have, need] = [driver, OLDEST_DRIVER[major]].map((version) =>
    version.split('.').map(Number),
  ) as [number[], number[]];
  const different = need.findIndex((part, index) => part !== (have[index] ?? 0));
  return different === -1 || (have[different] ?? 0) > (need[different] as number);
}
