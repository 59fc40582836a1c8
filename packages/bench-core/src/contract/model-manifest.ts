import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DlcmpError } from './errors';
import type { CnnArchitecture, ModelSpec } from './model-spec';

/** The `model.json` beside every saved model: which adapter opens it, and what it expects. */
export interface ModelManifest {
  readonly schemaVersion: 1;
  /** `id` of the adapter that wrote it. */
  readonly adapter: string;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly classNames: readonly string[];
  readonly seed: number;
  readonly architecture?: CnnArchitecture;
}

const FILE_NAME = 'model.json';

/** Creates `directory` where missing and writes `model.json` into it. */
export async function writeModelManifest(
  directory: string,
  adapter: string,
  spec: ModelSpec,
): Promise<void> {
  const { inputHeight, inputWidth, classNames, seed, architecture } = spec;
  const manifest: ModelManifest = {
    schemaVersion: 1,
    adapter,
    inputHeight,
    inputWidth,
    classNames,
    seed,
    ...(architecture && { architecture }),
  };
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, FILE_NAME), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Reads `model.json` from `directory`.
 *
 * @param adapter refuse a model that another adapter wrote
 * @throws `INVALID_FILE`
 */
export async function readModelManifest(
  directory: string,
  adapter?: string,
): Promise<ModelManifest> {
  const path = join(directory, FILE_NAME);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} cannot be read: ${directory} is not the directory of a saved model. Save one with "dlcmp train" or classifier.save().`,
      { cause },
    );
  });
  const manifest = parse(text, path);
  if (adapter !== undefined && manifest.adapter !== adapter) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} was written by the adapter "${manifest.adapter}", not by "${adapter}". Load it with that one.`,
    );
  }
  return manifest;
}

function parse(text: string, path: string): ModelManifest {
  let manifest: Partial<ModelManifest> | null;
  try {
    manifest = JSON.parse(text) as Partial<ModelManifest> | null;
  } catch (cause) {
    throw new DlcmpError('INVALID_FILE', `${path} is not JSON. Save the model again.`, { cause });
  }
  const wellFormed =
    manifest?.schemaVersion === 1 &&
    typeof manifest.adapter === 'string' &&
    Number.isInteger(manifest.inputHeight) &&
    Number.isInteger(manifest.inputWidth) &&
    Array.isArray(manifest.classNames) &&
    manifest.classNames.every((name) => typeof name === 'string') &&
    Number.isInteger(manifest.seed);
  if (!wellFormed) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is not a model manifest of schemaVersion 1. Save the model again with this version.`,
    );
  }
  return manifest as ModelManifest;
}
