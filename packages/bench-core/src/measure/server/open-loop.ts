import type { LoadSummary } from '../../results/server-result';
import { type LoadClock, type Send, summariseLoad, wallClock } from './load';

export interface OpenLoopOptions {
  /** A request that takes longer ends the load: the server cannot keep up. */
  readonly giveUpMs: number;
  readonly clock?: LoadClock;
}

/**
 * Sends requests when they are due, whatever has become of those before, and counts each one's time from then, sent late or not. So a
 * server that stalls is charged for all that would have come meanwhile ("coordinated omission", Tene 2013, "How not to measure
 * latency").
 *
 * @param due milliseconds from the beginning, ascending
 */
export async function runOpenLoop(
  due: Float64Array,
  send: Send,
  { giveUpMs, clock = wallClock }: OpenLoopOptions,
): Promise<LoadSummary> {
  const latenciesMs: number[] = [];
  const waiting = new Set<number>();
  const sent: Promise<void>[] = [];
  const start = clock.now();
  const isLate = () => {
    const [oldest] = waiting;
    return oldest !== undefined && clock.now() - start - oldest > giveUpMs;
  };
  for (const [index, at] of due.entries()) {
    const early = at - (clock.now() - start);
    if (early > 0) await clock.sleep(early);
    if (isLate()) break;
    waiting.add(at);
    const answered = send(index).then(
      () => void latenciesMs.push(clock.now() - start - at),
      () => {},
    );
    sent.push(answered.finally(() => waiting.delete(at)));
  }
  await Promise.all(sent);
  return summariseLoad(latenciesMs, due.length);
}
