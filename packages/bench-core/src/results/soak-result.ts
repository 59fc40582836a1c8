import * as z from 'zod/mini';
import { type Growth, growthSchema } from '../metrics/growth';

/** What of a process' memory is looked at; the first counts all of it, the others tell what holds it. */
export const MEMORY_GAUGES = {
  rssBytes: 'resident memory',
  heapUsedBytes: 'JavaScript objects',
  externalBytes: 'JavaScript buffers',
} as const;

export type MemoryGauge = keyof typeof MEMORY_GAUGES;

/** Memory after a collection of garbage. */
export interface MemorySample extends Readonly<Record<MemoryGauge, number>> {
  /** Requests answered, or models loaded and released, before. */
  readonly at: number;
}

/** Memory over time, and the growth of each gauge. */
export interface MemoryRecord {
  /** Those that growth is worked out from: what went before warms up. */
  readonly samples: readonly MemorySample[];
  readonly growth: Readonly<Record<MemoryGauge, Growth>>;
}

/** Memory of a new process that loads the trial's saved model and answers. */
export interface SoakMeasurement {
  readonly requests: number;
  /** Images of the requests, which go round. */
  readonly batchSizes: readonly number[];
  readonly seconds: number;
  /** Growth is bytes a request. */
  readonly serving: MemoryRecord;
  /** Loading the model, one answer, and releasing it; growth is bytes a cycle. */
  readonly reloading: MemoryRecord;
}

const bytes = z.number().check(z.minimum(0));

const record = z.object({
  samples: z.array(
    z.object({ at: bytes, rssBytes: bytes, heapUsedBytes: bytes, externalBytes: bytes }),
  ),
  growth: z.object({
    rssBytes: growthSchema,
    heapUsedBytes: growthSchema,
    externalBytes: growthSchema,
  }),
});

export const soakSchema = z.object({
  requests: bytes,
  batchSizes: z.array(bytes),
  seconds: bytes,
  serving: record,
  reloading: record,
});
