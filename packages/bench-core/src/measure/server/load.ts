import { quantileSorted } from 'simple-statistics';
import type { LoadSummary } from '../../results/server-result';

/** Sends the request of this number and waits for its answer; rejects where it gets none. */
export type Send = (index: number) => Promise<void>;

/** Time as a load generator sees it, in milliseconds; injected in tests. */
export interface LoadClock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const wallClock: LoadClock = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** @param latenciesMs of those that were answered */
export function summariseLoad(latenciesMs: readonly number[], requests: number): LoadSummary {
  const unanswered = requests - latenciesMs.length;
  const sorted = [...latenciesMs].sort((left, right) => left - right);
  // What was not answered took longer than all that was.
  const all = [...sorted, ...new Array<number>(unanswered).fill(Number.POSITIVE_INFINITY)];
  const at = (share: number) => {
    if (all.length === 0) return null;
    const value = quantileSorted(all, share);
    return Number.isFinite(value) ? value : null;
  };
  return { requests, unanswered, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}
