import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Processors this process may keep busy: those of its affinity, bounded by the cgroup's quota
 * (https://docs.kernel.org/admin-guide/cgroup-v2.html, `cpu.max`), which Node 20 doesn't count in.
 */
export function allowedCores(): number {
  const quota = readQuota();
  const cores = availableParallelism();
  return quota === undefined ? cores : Math.max(1, Math.min(cores, Math.floor(quota)));
}

/** Processors' worth of time the cgroup grants; undefined = unlimited or no cgroup. */
function readQuota(): number | undefined {
  const unified = readNumbers('/sys/fs/cgroup/cpu.max');
  if (unified) return positiveRatio(unified[0], unified[1]);
  const quota = readNumbers('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const period = readNumbers('/sys/fs/cgroup/cpu/cpu.cfs_period_us');
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
