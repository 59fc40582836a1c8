import * as z from 'zod/mini';

/** How the model computes: `naive` is `await predict` on the server's own thread, `serving` in workers. */
export const SERVER_ROWS = ['naive', 'serving'] as const;
export type ServerRow = (typeof SERVER_ROWS)[number];

/** Where requests come from: a loop in the server's own process, or another process over HTTP. */
export const SERVER_WAYS = ['in-process', 'http'] as const;
export type ServerWay = (typeof SERVER_WAYS)[number];

/** How late the server's event loop was, in milliseconds, by `monitorEventLoopDelay`, beyond its timer's 10 ms. */
export interface EventLoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How long the requests of a load took. A percentile is null where it falls among those that were not answered. */
export interface LoadSummary {
  readonly requests: number;
  /** Refused, failed, or given up. */
  readonly unanswered: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** What so many clients got, each of which waits for its answer before it asks again. */
export interface ClosedLoopSummary extends LoadSummary {
  readonly concurrency: number;
  /** Answers. */
  readonly perSecond: number;
}

/** A load at one rate. */
export interface RateSummary extends LoadSummary {
  /** Requests a second that were due. */
  readonly rate: number;
}

export interface ServedLoad {
  readonly eventLoop: EventLoopDelay;
}

/** One way of computing, asked in one way. */
export interface ServerRowMeasurement {
  readonly row: ServerRow;
  readonly way: ServerWay;
  /** By number of clients, each of which asks again when it is answered. */
  readonly closedLoop: readonly (ClosedLoopSummary & ServedLoad)[];
  /** Open loop: Poisson arrivals, times from when a request was due. */
  readonly sweep: readonly (RateSummary & ServedLoad)[];
  /** Requests a second, the highest measured with p99 within the bound; null where none was. */
  readonly highestRate: number | null;
  /** Another load at 70% of it. */
  readonly atSeventyPercent: (RateSummary & ServedLoad) | null;
}

/** A saved model as a server runs it. */
export interface ServerMeasurement {
  /** Of p99, in milliseconds. */
  readonly boundMs: number;
  /** Of each load. */
  readonly secondsPerLoad: number;
  readonly rows: readonly ServerRowMeasurement[];
}

const figure = z.number().check(z.minimum(0));
const percentile = z.nullable(figure);
const load = {
  requests: figure,
  unanswered: figure,
  p50Ms: percentile,
  p95Ms: percentile,
  p99Ms: percentile,
  eventLoop: z.object({ p50Ms: figure, p99Ms: figure, maxMs: figure }),
};
const rate = z.object({ ...load, rate: figure });

export const serverSchema = z.object({
  boundMs: figure,
  secondsPerLoad: figure,
  rows: z.array(
    z.object({
      row: z.enum(SERVER_ROWS),
      way: z.enum(SERVER_WAYS),
      closedLoop: z.array(z.object({ ...load, concurrency: figure, perSecond: figure })),
      sweep: z.array(rate),
      highestRate: percentile,
      atSeventyPercent: z.nullable(rate),
    }),
  ),
});
