/**
 * The program of a worker's process: opens a model, then decodes and answers one batch after the other. It ends with the process
 * that started it, of which it hears by its channel.
 */
import { bytesPerImage } from '@dlcmp/contract';
import type { OpenedModel, OpenMessage, WorkerAnswer, WorkerMessage } from '../workers/messages';
import { answerBatch, failureOf } from './answer-batch';
import { type OpenModel, openModel } from './open-model';

const CALLS_TO_WARM_UP = 2;

let opened: { readonly model: OpenModel; readonly maxPixels: number } | undefined;

// The process that serves is told to end, and answers what waits first.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit());
process.on('message', async (message: WorkerMessage) => {
  try {
    answer(await handle(message));
  } catch (error) {
    answer({ kind: 'failure', failure: failureOf(error) });
  }
});

async function handle(message: WorkerMessage): Promise<WorkerAnswer> {
  if (message.kind === 'open') return { kind: 'opened', model: await open(message) };
  if (!opened) throw new Error('No model is open.');
  const { model, maxPixels } = opened;
  return { kind: 'answers', answers: await answerBatch(model, message.images, maxPixels) };
}

async function open(message: OpenMessage): Promise<OpenedModel> {
  const model = await openModel(message);
  await warmUp(model, message.maxBatch);
  opened = { model, maxPixels: message.maxPixels };
  const { inputHeight, inputWidth, classNames, labels } = model;
  return { inputHeight, inputWidth, classNames, labels };
}

/** The first calls build graphs and allocate memory: no request shall wait for that. */
async function warmUp(model: OpenModel, maxBatch: number): Promise<void> {
  for (const count of new Set([1, maxBatch])) {
    const grey = new Uint8Array(count * bytesPerImage(model)).fill(128);
    for (let call = 0; call < CALLS_TO_WARM_UP; call++) await model.predict(grey, count);
  }
}

function answer(message: WorkerAnswer): void {
  // Where nobody listens any more, `disconnect` ends this process.
  process.send?.(message, () => {});
}
