import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assertFiniteWeights,
  DlcmpError,
  type ImageSize,
  makeFolder,
  type Weights,
  writeSafetensors,
} from '@dlcmp/contract';
import { createLayer } from '../layers/create-layer';
import type { LayerDescription } from '../layers/layer';
import { writeInferenceModel } from './saved-model';
import type { ResolvedSequentialSpec, SequentialSpec } from './sequential-spec';

/** `model.json` of a sequential classifier. */
interface SequentialManifest extends ImageSize {
  readonly schemaVersion: 1;
  readonly adapter: typeof SEQUENTIAL;
  readonly classNames: readonly string[];
  readonly seed: number;
  readonly layers: readonly LayerDescription[];
}

const SEQUENTIAL = 'cnn-onnx-sequential';

/** Writes `model.onnx`, `weights.safetensors`, and last the `model.json` without which it is no model. */
export async function saveSequentialModel(
  directory: string,
  { network, inputHeight, inputWidth, classNames, seed }: ResolvedSequentialSpec,
  values: Weights,
): Promise<void> {
  const manifest: SequentialManifest = {
    ...{ schemaVersion: 1, adapter: SEQUENTIAL, inputHeight, inputWidth, classNames, seed },
    layers: network.layers.map(({ layer }) => layer.description),
  };
  assertFiniteWeights(values, 'in the model that is to be saved');
  await makeFolder(directory);
  await writeInferenceModel(join(directory, 'model.onnx'), network, values, classNames);
  await writeSafetensors(join(directory, 'weights.safetensors'), values);
  await writeFile(join(directory, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * The spec of a classifier that {@link saveSequentialModel} wrote, starting from its weights.
 *
 * @throws `INVALID_FILE`
 */
export async function readSequentialModel(directory: string): Promise<SequentialSpec> {
  const path = join(directory, 'model.json');
  try {
    const manifest: SequentialManifest = JSON.parse(await readFile(path, 'utf8'));
    if (manifest.adapter !== SEQUENTIAL) {
      throw new Error(`It was written by "${manifest.adapter}", not by "${SEQUENTIAL}".`);
    }
    const { inputHeight, inputWidth, classNames, seed, layers } = manifest;
    const initialWeights = join(directory, 'weights.safetensors');
    const sizes = { inputHeight, inputWidth, classNames, seed, initialWeights };
    return { ...sizes, layers: layers.map(createLayer) };
  } catch (cause) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is not the model.json of a sequential classifier: ${cause instanceof Error ? cause.message : cause} Load a directory that its save() wrote; a model of the adapter is loaded by cnnOnnx.load().`,
      { cause },
    );
  }
}
