import type { ClosedLoopSummary } from '../../results/server-result';
import { type LoadClock, type Send, summariseLoad, wallClock } from './load';

/** A time counts from when the request was sent: such clients slow down with their server, and hide its stalls. */
export async function runClosedLoop(
  concurrency: number,
  seconds: number,
  send: Send,
  clock: LoadClock = wallClock,
): Promise<ClosedLoopSummary> {
  const latenciesMs: number[] = [];
  let requests = 0;
  const start = clock.now();
  const isOver = () => clock.now() - start >= seconds * 1000;
  const client = async () => {
    while (!isOver()) {
      const before = clock.now();
      await send(requests++).then(
        () => void latenciesMs.push(clock.now() - before),
        () => {},
      );
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  const elapsed = (clock.now() - start) / 1000;
  const summary = summariseLoad(latenciesMs, requests);
  return { ...summary, concurrency, perSecond: latenciesMs.length / elapsed };
}
