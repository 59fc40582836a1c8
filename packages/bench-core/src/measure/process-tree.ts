import { readdirSync, readFileSync } from 'node:fs';

/**
 * The ids of process `pid` and of all below it, as proc_pid_task(5)'s `children` names them; `pid`
 * alone where the kernel does not say.
 */
export function processTree(pid: number): number[] {
  const found = [pid];
  for (const parent of found) found.push(...childrenOf(parent));
  return found;
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) => childrenOfThread(pid, thread));
  } catch {
    return [];
  }
}

function childrenOfThread(pid: number, thread: string): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    // The thread has ended meanwhile.
    return [];
  }
}
