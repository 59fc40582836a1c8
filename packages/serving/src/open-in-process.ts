import { describeOpening } from './describe-opening';
import type { ImageAnswering, RequestOptions } from './serving';
import { type ServedModel, type ServingOptions, servingSettings } from './serving-options';
import { answerBatch } from './worker/answer-batch';
import { openModel } from './worker/open-model';
import { errorOf } from './workers/model-worker';

/** What is meant by options of workers, of batches and of the queue is not there: one image is computed after the other. */
export type InProcessOptions = Pick<ServingOptions, 'threads' | 'maxImageBytes' | 'maxPixels'>;

/**
 * The same answers, computed by the thread that asks, which can do nothing else meanwhile: for scripts, and to see what workers are
 * worth. `threads` is all cores by default.
 *
 * @throws as `openServing`
 */
export async function openInProcess(
  model: string | ServedModel,
  options: InProcessOptions = {},
): Promise<ImageAnswering> {
  const settings = servingSettings({ ...options, workers: 1, maxBatch: 1 });
  const opened = await openModel(await describeOpening(model, settings));
  return {
    settings,
    model: opened,
    async predictImage(file: Uint8Array, { signal }: RequestOptions = {}) {
      signal?.throwIfAborted();
      const [answer] = await answerBatch(
        opened,
        [{ kind: 'file', bytes: file }],
        settings.maxPixels,
      );
      if (!answer || 'failure' in answer) throw errorOf(answer?.failure as never);
      return answer.probabilities;
    },
  };
}
