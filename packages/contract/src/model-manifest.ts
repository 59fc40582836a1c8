import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertArgument, DlcmpError } from './errors';
import { makeFolder } from './make-folder';
import { assertModelSpec, type ModelSpec } from './model-spec';
import type { NetworkDescription } from './network/network-description';
import type { SavedLayer } from './networks/saved-layers';
import type { SimpleCnnOptions } from './networks/simple-cnn';
import type { WeightsSource } from './pretrained/starting-weights';

/** The `model.json` beside every saved model: which adapter opens it, and what it expects. */
export interface ModelManifest {
  readonly schemaVersion: 1;
  /** `id` of the adapter that wrote it. */
  readonly adapter: string;
  /** The engine that trained it; absent in folders written before engines had names. */
  readonly engine?: string;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly classNames: readonly string[];
  readonly seed: number;
  /** Of networks. */
  readonly network?: NetworkDescription;
  /** The published weights or the file that training began with. */
  readonly pretrained?: WeightsSource;
  /** Sizes of `simple-cnn`, in folders written before networks were data. */
  readonly architecture?: SimpleCnnOptions;
  /** Layers of a sequential classifier, in folders written before networks were data. */
  readonly layers?: readonly SavedLayer[];
}

const FILE_NAME = 'model.json';

/**
 * Creates `directory` where missing and writes `model.json` into it.
 *
 * @param entries what it shall hold besides, for other programs
 */
export async function writeModelManifest(
  directory: string,
  adapter: string,
  spec: ModelSpec,
  entries?: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { inputHeight, inputWidth, classNames, seed, network, pretrained } = spec;
  const manifest: ModelManifest = {
    schemaVersion: 1,
    adapter,
    inputHeight,
    inputWidth,
    classNames,
    seed,
    ...(network && { network }),
    ...(pretrained && { pretrained }),
  };
  const content = JSON.stringify({ ...manifest, ...entries }, null, 2);
  await makeFolder(directory);
  await writeFile(join(directory, FILE_NAME), `${content}\n`);
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

/** Adapters that saved models before, by those that open them now. */
const SAVED_BY: Readonly<Record<string, string>> = { 'cnn-onnx-sequential': 'cnn-onnx' };

/** The adapter that opens what `adapter`, as a manifest names it, has saved: itself, or the one that took over its models. */
export function openingAdapter({ adapter }: Pick<ModelManifest, 'adapter'>): string {
  return SAVED_BY[adapter] ?? adapter;
}

function parse(text: string, path: string): ModelManifest {
  try {
    const manifest: unknown = JSON.parse(text);
    assertManifest(manifest);
    return manifest;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is not a model manifest of schemaVersion 1: ${reason} Save the model again with this version.`,
      { cause },
    );
  }
}

function assertManifest(manifest: unknown): asserts manifest is ModelManifest {
  const { schemaVersion, adapter, ...spec } = (manifest ?? {}) as ModelManifest;
  assertArgument(schemaVersion === 1, `its schemaVersion is ${schemaVersion}.`);
  assertArgument(typeof adapter === 'string', 'it names no adapter.');
  assertModelSpec(spec);
}
