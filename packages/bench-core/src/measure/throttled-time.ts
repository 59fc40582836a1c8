import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Seconds for which the cgroup's CPU quota has held this container's processes back so far, summed
 * over cores (https://docs.kernel.org/admin-guide/cgroup-v2.html, `cpu.stat`); null = can't be read.
 *
 * @param directory where the cgroup is mounted. Default: `/sys/fs/cgroup`.
 */
export function readThrottledSeconds(directory = '/sys/fs/cgroup'): number | null {
  return (
    readCounter(join(directory, 'cpu.stat'), 'throttled_usec', 1e6) ??
    readCounter(join(directory, 'cpu', 'cpu.stat'), 'throttled_time', 1e9)
  );
}

function readCounter(path: string, name: string, perSecond: number): number | null {
  try {
    const value = new RegExp(`^${name} (\\d+)`, 'm').exec(readFileSync(path, 'utf8'))?.[1];
    return value === undefined ? null : Number(value) / perSecond;
  } catch {
    return null;
  }
}
