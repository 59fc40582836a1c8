import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** Threads of this process, on Linux. */
export function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

/** Waits until no more than so many threads are left; returns how many are after ten seconds at most. */
export async function threadsLeft(wanted: number): Promise<number> {
  for (let tries = 0; tries < 200 && threadCount() > wanted; tries++) await wait(50);
  return threadCount();
}
