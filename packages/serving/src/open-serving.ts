import { describeOpening } from './describe-opening';
import { Serving } from './serving';
import { type ServedModel, type ServingOptions, servingSettings } from './serving-options';
import { ModelWorker } from './workers/model-worker';
import { WorkerPool } from './workers/worker-pool';

/**
 * Opens a model in worker processes of its own, ready to answer requests. Its `close` ends them; until then they keep this process
 * alive.
 *
 * @param model a folder's or `.onnx` file's path, or a description
 * @throws `INVALID_ARGUMENT`, `INVALID_FILE`; `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`, `WORKER_FAILED` where no worker can open it
 */
export async function openServing(
  model: string | ServedModel,
  options: ServingOptions = {},
): Promise<Serving> {
  const settings = servingSettings(options);
  const opening = await describeOpening(model, settings);
  const pool = await WorkerPool.open(settings.workers, () => ModelWorker.start(opening, settings));
  return new Serving(pool, settings);
}
