import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assertArgument, DlcmpError, readModelManifest } from '@dlcmp/contract';
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
  const served = typeof model === 'string' ? { path: model } : model;
  const isOnnx = served.path.endsWith('.onnx');
  assertArgument(
    isOnnx || served.description === undefined,
    `description is for .onnx files, and ${served.path} is none: leave it out.`,
  );
  assertArgument(
    !isOnnx || (served.engine === undefined && served.device === undefined),
    `engine and device are for models that dlcmp saved, and ${served.path} is a file of ONNX: leave them out.`,
  );
  const adapter = served.adapter ?? (await usualAdapter(served.path, isOnnx));
  const { threads, maxBatch, maxPixels } = settings;
  const open = {
    model: { ...served, adapter, path: resolve(served.path) },
    moduleUrl: moduleUrlOf(adapter),
    ...{ threads, maxBatch, maxPixels },
  };
  const pool = await WorkerPool.open(settings.workers, () => ModelWorker.start(open));
  return new Serving(pool, settings);
}

/** Adapters that saved models before, by those that open them now. */
const SAVED_BY: Readonly<Record<string, string>> = { 'cnn-onnx-sequential': 'cnn-onnx' };

async function usualAdapter(path: string, isOnnx: boolean): Promise<string> {
  if (isOnnx) return '@dlcmp/cnn-onnx';
  const { adapter } = await readModelManifest(path);
  return `@dlcmp/${SAVED_BY[adapter] ?? adapter}`;
}

/** Found from the working directory, where the application has installed it, else from here. */
function moduleUrlOf(specifier: string): string {
  if (specifier.startsWith('file:')) return specifier;
  for (const from of [join(process.cwd(), 'index.js'), import.meta.url]) {
    try {
      return pathToFileURL(createRequire(from).resolve(specifier)).href;
    } catch {
      // It is not found from there.
    }
  }
  throw new DlcmpError(
    'FRAMEWORK_MISSING',
    `${specifier} is not found from ${process.cwd()}. Install it with "npm install ${specifier}", or name the adapter's module by its path.`,
  );
}
