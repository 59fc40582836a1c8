/**
 * The program of a model's own process: opens a model in a runtime, answers images, measures. Runtimes do not share a process:
 * two of them may stand on one library, and memory and load times are each one's own.
 */
import {
  endWithParent,
  measureLatency,
  measureThroughput,
  monotonicClock,
  readResourceUsage,
} from '@dlcmp/bench-core';
import { isDlcmpError } from '@dlcmp/contract';
import { checkPreparation } from '../answers/check-preparation';
import { ImageClassifier } from '../answers/image-classifier';
import { findRuntime } from '../runtimes';
import type {
  InferenceFigures,
  OpenedModel,
  OpenRequest,
  ProcessAnswer,
  ProcessRequest,
} from './messages';

let classifier: ImageClassifier | undefined;

process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => void close());
endWithParent(process.ppid);

process.on('message', async (request: ProcessRequest) => {
  try {
    answer({ result: await handle(request) });
  } catch (error) {
    const code = isDlcmpError(error) ? error.code : 'UNKNOWN';
    const message = error instanceof Error ? error.message : String(error);
    answer({ error: { code, message } });
  }
});

function answer(message: ProcessAnswer): void {
  process.send?.(message);
}

async function handle(request: ProcessRequest) {
  if (request.kind === 'open') return open(request);
  if (!classifier) throw new Error('No model is open.');
  if (request.kind === 'answer') {
    return classifier.answer(request.treatment, request.pixels, request.count);
  }
  if (request.kind === 'check') return checkPreparation(classifier, request.files, request.pixels);
  return measure(classifier, request.pixels, request.count);
}

async function open({ file, runtime, options, threads }: OpenRequest): Promise<OpenedModel> {
  const start = monotonicClock();
  const running = await findRuntime(runtime).open(file, { threads });
  const loadSeconds = monotonicClock() - start;
  classifier = await ImageClassifier.describe(running, options).catch(async (error: unknown) => {
    await running.close();
    throw error;
  });
  const firstSeconds = monotonicClock() - start - loadSeconds;
  const { model, sources, outputs } = classifier;
  return { model, sources, outputs, versions: running.versions, loadSeconds, firstSeconds };
}

async function measure(
  model: ImageClassifier,
  pixels: Uint8Array,
  count: number,
): Promise<InferenceFigures> {
  const images = { pixels, count, labels: new Int32Array(count) };
  const size = model.model;
  const latency = await measureLatency(model, images, size, monotonicClock);
  const { throughput, notes } = await measureThroughput(model, images, size, monotonicClock);
  const peakRssBytes = (await model.running.peakRssBytes?.()) ?? readResourceUsage().peakRssBytes;
  return { latency, throughput, peakRssBytes, notes };
}

async function close(): Promise<void> {
  await classifier?.running.close();
  process.exit(0);
}
