import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assertWeights,
  CHANNEL_MEAN,
  CHANNEL_STANDARD_DEVIATION,
  DlcmpError,
  type ModelSpec,
  readModelManifest,
  readSafetensors,
  type Weights,
  writeModelManifest,
  writeSafetensors,
} from '@dlcmp/bench-core/contract';
import type { Network } from '../layers/sequential';
import { buildInferenceModel, PROBABILITIES } from '../model/inference-model';

/** Names the adapter, in manifests too. */
export const ADAPTER_ID = 'cnn-onnx';

const WEIGHTS_FILE = 'weights.safetensors';
const ONNX_FILE = 'model.onnx';

/**
 * Writes `weights.safetensors`, `model.onnx` (probabilities from bytes, with all it needs inside),
 * and last `model.json`, without which a directory is no model.
 */
export async function saveModel(
  directory: string,
  spec: ModelSpec,
  network: Network,
  weights: Weights,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeSafetensors(join(directory, WEIGHTS_FILE), weights);
  const model = buildInferenceModel(network, weights, [PROBABILITIES], {
    classNames: JSON.stringify(spec.classNames),
    inputLayout: 'batch, height, width, RGB',
    channelMean: JSON.stringify(CHANNEL_MEAN),
    channelStandardDeviation: JSON.stringify(CHANNEL_STANDARD_DEVIATION),
  });
  await writeFile(join(directory, ONNX_FILE), model);
  await writeModelManifest(directory, ADAPTER_ID, spec);
}

/**
 * The spec of a saved model, starting from its weights.
 *
 * @throws `INVALID_FILE`
 */
export async function readSavedModel(directory: string): Promise<ModelSpec> {
  const { inputHeight, inputWidth, classNames, seed, architecture } = await readModelManifest(
    directory,
    ADAPTER_ID,
  );
  const initialWeights = await readSafetensors(join(directory, WEIGHTS_FILE));
  const spec = {
    inputHeight,
    inputWidth,
    classNames,
    seed,
    initialWeights,
    ...(architecture && { architecture }),
  };
  try {
    assertWeights(initialWeights, spec);
  } catch (cause) {
    throw new DlcmpError(
      'INVALID_FILE',
      `The weights in ${directory} are not those that its model.json describes. Save the model again.`,
      { cause },
    );
  }
  return spec;
}
