import { readFileSync } from 'node:fs';
import { processTree } from './process-tree';

const KIBIBYTE = 1024;

/** Memory of a process and of those below it. */
export interface TreeMemory {
  readonly rssBytes: number;
  readonly swapBytes: number;
}

/**
 * Resident and swapped memory of process `pid` and of all below it, as the kernel counts them (proc_pid_status(5)): pages that they
 * share count in each. Undefined where the system has no /proc, or no such process.
 */
export function readTreeMemory(pid: number): TreeMemory | undefined {
  const parts = processTree(pid).flatMap(readProcessMemory);
  if (parts.length === 0) return undefined;
  return {
    rssBytes: parts.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    swapBytes: parts.reduce((sum, { swapBytes }) => sum + swapBytes, 0),
  };
}

/** A zombie has none. */
function readProcessMemory(pid: number): TreeMemory[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const rssBytes = field(status, 'VmRSS');
    return rssBytes === undefined ? [] : [{ rssBytes, swapBytes: field(status, 'VmSwap') ?? 0 }];
  } catch {
    return [];
  }
}

function field(status: string, name: string): number | undefined {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * KIBIBYTE;
}
