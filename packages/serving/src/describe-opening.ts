import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assertArgument, DlcmpError, openingAdapter, readModelManifest } from '@dlcmp/contract';
import type { ServedModel, ServingSettings } from './serving-options';
import type { OpenMessage } from './workers/messages';

/**
 * What a process is told that is to open `model`.
 *
 * @param model a folder's or `.onnx` file's path, or a description
 * @throws `INVALID_ARGUMENT`, `INVALID_FILE`; `FRAMEWORK_MISSING` where the adapter is not installed
 */
export async function describeOpening(
  model: string | ServedModel,
  { threads, maxBatch, maxPixels }: ServingSettings,
): Promise<OpenMessage> {
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
  return {
    kind: 'open',
    model: { ...served, adapter, path: resolve(served.path) },
    moduleUrl: moduleUrlOf(adapter),
    ...{ threads, maxBatch, maxPixels },
  };
}

async function usualAdapter(path: string, isOnnx: boolean): Promise<string> {
  if (isOnnx) return '@dlcmp/cnn-onnx';
  return `@dlcmp/${openingAdapter(await readModelManifest(path))}`;
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
