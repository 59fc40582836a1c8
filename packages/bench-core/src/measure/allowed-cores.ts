import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/**
 * Processors this process may keep busy: those of its affinity, bounded by the cgroup's quota
 * (https://docs.kernel.org/admin-guide/cgroup-v2.html, `cpu.max`), which Node 20 doesn't count in.
 *
 * @param directory where the cgroup is mounted. Default: `/sys/fs/cgroup`.
 */
export function allowedCores(directory = '/sys/fs/cgroup'): number {
  const quota = readQuota(directory);
  const cores = availableParallelism();
  return quota === undefined ? cores : Math.max(1, Math.min(cores, Math.floor(quota)));
}

/** Processors' worth of time the cgroup grants; undefined = unlimited or no cgroup. */
function readQuota(directory: string): number | undefined {
  const unified = readNumbers(join(directory, 'cpu.max'));
  if (unified) return positiveRatio(unified[0], unified[1]);
  const quota = readNumbers(join(directory, 'cpu', 'cpu.cfs_quota_us'));
  const period = readNumbers(join(directory, 'cpu', 'cpu.cfs_period_us'));
  return positiveRatio(quota?.[0], period?.[0]);
}

function readNumbers(path: string): number[] | undefined {
  try {
    return readFileSync(path, 'utf8').trim().split(/\s+/).map(Number);
  } catch {
    return undefined;
  }
}

/** `max` reads as NaN and -1 as unlimited: both are no quota. */
function positiveRatio(quota: number | undefined, period: number | undefined): number | undefined {
  const ratio = (quota ?? Number.NaN) / (period ?? Number.NaN);
  return ratio > 0 ? ratio : undefined;
}
