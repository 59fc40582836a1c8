import { readFileSync } from 'node:fs';

/**
 * Seconds for which the cgroup's CPU quota has held this container's processes back so far, summed
 * over cores (https://docs.kernel.org/admin-guide/cgroup-v2.html, `cpu.stat`); null = can't be read.
 */
export function readThrottledSeconds(): number | null {
  return (
    readCounter('/sys/fs/cgroup/cpu.stat', 'throttled_usec', 1e6) ??
    readCounter('/sys/fs/cgroup/cpu/cpu.stat', 'throttled_time', 1e9)
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
