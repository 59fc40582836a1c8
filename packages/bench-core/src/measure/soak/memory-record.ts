import { growthOf } from '../../metrics/growth';
import type { MemoryGauge, MemoryRecord, MemorySample } from '../../results/soak-result';
import { readTreeMemory } from '../process-memory';

/** By a page of V8's heap more or less a process moves by itself: code that is compiled, feedback that is kept. */
const PAGE_BYTES = 2 ** 18;

/** Samples memory once nothing is left that the next collection of garbage would take away. */
export class MemoryRecorder {
  readonly #collectGarbage: () => void;
  readonly #samples: MemorySample[] = [];

  /** @param collectGarbage `gc` of a process that was started with `--expose-gc` */
  constructor(collectGarbage: () => void) {
    this.#collectGarbage = collectGarbage;
  }

  async sample(at: number): Promise<void> {
    // What finalizers release, they release in a turn of their own; the second collection takes what they let go of.
    for (let round = 0; round < 2; round++) {
      await new Promise(setImmediate);
      this.#collectGarbage();
    }
    this.#samples.push({ at, ...readMemory() });
  }

  /** Of the samples after `warmUp`. */
  record(warmUp: number): MemoryRecord {
    const samples = this.#samples.filter(({ at }) => at > warmUp);
    const growth = (gauge: MemoryGauge) =>
      growthOf(
        samples.map((sample) => ({ at: sample.at, value: sample[gauge] })),
        PAGE_BYTES,
      );
    return {
      samples,
      growth: {
        rssBytes: growth('rssBytes'),
        heapUsedBytes: growth('heapUsedBytes'),
        externalBytes: growth('externalBytes'),
      },
    };
  }
}

/** Of this process, and resident memory of those below it too: a peer computes in one. */
function readMemory(): Omit<MemorySample, 'at'> {
  const { rss, heapUsed, external } = process.memoryUsage();
  return {
    rssBytes: readTreeMemory(process.pid)?.rssBytes ?? rss,
    heapUsedBytes: heapUsed,
    externalBytes: external,
  };
}
