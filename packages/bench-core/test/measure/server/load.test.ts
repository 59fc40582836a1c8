import { describe, expect, test } from '@jest/globals';
import { runClosedLoop } from '../../../src/measure/server/closed-loop';
import { findHighestRate } from '../../../src/measure/server/highest-rate';
import type { LoadClock } from '../../../src/measure/server/load';
import { runOpenLoop } from '../../../src/measure/server/open-loop';

/** Time that passes when everybody waits: the earliest sleeper is woken, once all that can run has run. */
function simulatedClock(): LoadClock {
  let now = 0;
  let isAdvancing = false;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const advance = () => {
    if (isAdvancing) return;
    isAdvancing = true;
    setImmediate(() => {
      isAdvancing = false;
      sleepers.sort((left, right) => left.at - right.at);
      const next = sleepers.shift();
      if (!next) return;
      now = next.at;
      next.wake();
      if (sleepers.length > 0) advance();
    });
  };
  return {
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ at: now + milliseconds, wake });
        advance();
      }),
  };
}

/** A server of one place that takes 2 ms a request, and stalls from the first to the second second. */
function stallingServer(clock: LoadClock) {
  let free = 0;
  return async () => {
    let begin = Math.max(clock.now(), free);
    if (begin >= 1000 && begin < 2000) begin = 2000;
    free = begin + 2;
    await clock.sleep(free - clock.now());
  };
}

const every = (milliseconds: number, count: number) =>
  Float64Array.from({ length: count }, (_, index) => index * milliseconds);

describe('an open loop', () => {
  test('charges a stall of a second to all requests that were due meanwhile', async () => {
    const clock = simulatedClock();
    // 4 seconds at 100 a second. Of the 100 that were due in the stall the first waits a second, the last 0.2 s.
    const options = { giveUpMs: 60_000, clock };
    const load = await runOpenLoop(every(10, 400), stallingServer(clock), options);
    expect(load).toMatchObject({ requests: 400, unanswered: 0, p50Ms: 2 });
    // The stall's requests take 1002, 994, 986 … ms: the fourth longest of 400 is the 99th percentile.
    expect(load.p99Ms).toBeGreaterThan(960);
    expect(load.p99Ms).toBeLessThan(1002);
    expect(load.p95Ms).toBeGreaterThan(800);
  });

  test('is where a closed loop hides it', async () => {
    const clock = simulatedClock();
    const load = await runClosedLoop(1, 4, stallingServer(clock), clock);
    expect(load.p99Ms).toBe(2);
    expect(load.perSecond).toBeCloseTo(1500 / 4, -1);
  });

  test('sends what is due while its own thread was busy, and counts from when it was due', async () => {
    const clock = simulatedClock();
    let isFirst = true;
    const blocking: LoadClock = {
      now: clock.now,
      sleep: (milliseconds) => {
        const late = isFirst ? 500 : 0;
        isFirst = false;
        return clock.sleep(milliseconds + late);
      },
    };
    const send = () => clock.sleep(1);
    const load = await runOpenLoop(every(10, 100), send, { giveUpMs: 60_000, clock: blocking });
    expect(load.p95Ms).toBeGreaterThan(400);
  });

  test('counts what is refused as slower than all that is answered', async () => {
    const clock = simulatedClock();
    const send = async (index: number) => {
      await clock.sleep(1);
      if (index % 50 === 0) throw new Error('refused');
    };
    const load = await runOpenLoop(every(10, 500), send, { giveUpMs: 60_000, clock });
    expect(load).toEqual({ requests: 500, unanswered: 10, p50Ms: 1, p95Ms: 1, p99Ms: null });
  });

  test('ends where the server cannot keep up', async () => {
    const clock = simulatedClock();
    let sent = 0;
    let free = 0;
    const send = async () => {
      sent++;
      free = Math.max(clock.now(), free) + 20;
      await clock.sleep(free - clock.now());
    };
    const load = await runOpenLoop(every(10, 10_000), send, { giveUpMs: 1000, clock });
    expect(sent).toBeLessThan(250);
    expect(load).toMatchObject({ requests: 10_000, p99Ms: null });
  });
});

describe('findHighestRate', () => {
  test('finds by bisection where p99 passes the bound', async () => {
    const summary = { requests: 100, unanswered: 0, p50Ms: 1, p95Ms: 1 };
    const measure = async (rate: number) => ({ ...summary, rate, p99Ms: rate <= 63 ? 150 : 250 });
    const { highestRate, sweep } = await findHighestRate(100, 200, 8, measure);
    expect(highestRate).toBeLessThanOrEqual(63);
    expect(highestRate).toBeGreaterThan(62);
    expect(sweep).toHaveLength(8);
    expect(sweep.map(({ rate }) => rate)).toEqual(
      sweep.map(({ rate }) => rate).sort((left, right) => left - right),
    );
  });

  test('finds none where none keeps it', async () => {
    const summary = { requests: 100, unanswered: 100, p50Ms: null, p95Ms: null, p99Ms: null };
    const measure = async (rate: number) => ({ ...summary, rate });
    expect((await findHighestRate(100, 200, 3, measure)).highestRate).toBeNull();
  });
});
