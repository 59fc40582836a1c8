/**
 * The program of a server under load: opens a model with the module that serves, on its own thread or in workers, listens on this
 * machine alone, and tells how late its event loop was.
 */
import { readFile } from 'node:fs/promises';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { isDlcmpError } from '@dlcmp/contract';
import type { EventLoopDelay } from '../../results/server-result';
import { endWithParent } from '../../run/parent-watch';
import { runClosedLoop } from './closed-loop';
import type { Send } from './load';
import { runOpenLoop } from './open-loop';
import type {
  ModelToServe,
  OpenServerMessage,
  ServerAnswer,
  ServerAnswers,
  ServerMessage,
} from './server-messages';

interface Answering {
  predictImage(file: Uint8Array): Promise<Float32Array>;
}

/** What a module that serves exports. */
interface ServingModule {
  openServing(model: ModelToServe, options: object): Promise<Answering>;
  openInProcess(model: ModelToServe, options: object): Promise<Answering>;
  serveHttp(model: Answering): Promise<{ readonly url: string }>;
}

const NANOSECONDS_PER_MS = 1e6;
/** Of the timer that is watched. At 1 ms, a block of 100 ms would be one sample beside hundreds of idle ones, and no percentile show it. */
const RESOLUTION_MS = 10;

let send: Send | undefined;
let histogram: IntervalHistogram | undefined;

process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit());
endWithParent(process.ppid);
process.on('message', async (message: ServerMessage) => {
  const answer: ServerAnswer = await handle(message).then(
    (result) => ({ result }),
    (error: unknown) => ({
      error: {
        code: isDlcmpError(error) ? error.code : 'UNKNOWN',
        message: error instanceof Error ? error.message : String(error),
      },
    }),
  );
  process.send?.(answer, () => {});
});

async function handle(message: ServerMessage): Promise<ServerAnswers[ServerMessage['kind']]> {
  if (message.kind === 'open') return open(message);
  if (message.kind === 'watch') return watch();
  if (message.kind === 'delay') return delay(histogram as IntervalHistogram);
  const ask = send as Send;
  return message.kind === 'open-loop'
    ? runOpenLoop(message.due, ask, message)
    : runClosedLoop(message.concurrency, message.seconds, ask);
}

async function open(message: OpenServerMessage): Promise<{ url: string }> {
  const { moduleUrl, row, model, threads, files } = message;
  const serving = (await import(moduleUrl)) as ServingModule;
  const answering =
    row === 'naive'
      ? await serving.openInProcess(model, { threads })
      : await serving.openServing(model, { workers: threads, threads: 1 });
  const images = await Promise.all(files.map((file) => readFile(file)));
  send = async (index) => {
    await answering.predictImage(images[index % images.length] as Uint8Array);
  };
  const { url } = await serving.serveHttp(answering);
  return { url };
}

function watch(): null {
  histogram?.disable();
  histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return null;
}

function delay(watched: IntervalHistogram): EventLoopDelay {
  watched.disable();
  // What is recorded is the time between two calls of the timer.
  const lateness = (recorded: number) => Math.max(0, recorded / NANOSECONDS_PER_MS - RESOLUTION_MS);
  return {
    p50Ms: lateness(watched.percentile(50)),
    p99Ms: lateness(watched.percentile(99)),
    maxMs: lateness(watched.max),
  };
}
