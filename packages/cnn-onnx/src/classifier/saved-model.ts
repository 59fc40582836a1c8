import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assertFiniteWeights,
  CHANNEL_MEAN,
  CHANNEL_STANDARD_DEVIATION,
  type ModelSpec,
  makeFolder,
  type Weights,
  writeSavedCnn,
} from '@dlcmp/contract';
import { ADAPTER_ID } from '../adapter-id';
import type { Network } from '../layers/sequential';
import { buildInferenceModel, PROBABILITIES } from '../model/inference-model';

/** Writes `model.onnx` (probabilities from bytes, with all it needs inside) and the contract's files. */
export async function saveModel(
  directory: string,
  spec: ModelSpec,
  network: Network,
  weights: Weights,
): Promise<void> {
  assertFiniteWeights(weights, 'in the model that is to be saved');
  await makeFolder(directory);
  await writeInferenceModel(join(directory, 'model.onnx'), network, weights, spec.classNames);
  await writeSavedCnn(directory, ADAPTER_ID, spec, weights);
}

/** An `.onnx` file from bytes to probabilities, for any ONNX runtime, with its classes in it. */
export async function writeInferenceModel(
  path: string,
  network: Network,
  weights: Weights,
  classNames: readonly string[],
): Promise<void> {
  const model = buildInferenceModel(network, weights, [PROBABILITIES], {
    classNames: JSON.stringify(classNames),
    inputLayout: 'batch, height, width, RGB',
    channelMean: JSON.stringify(CHANNEL_MEAN),
    channelStandardDeviation: JSON.stringify(CHANNEL_STANDARD_DEVIATION),
  });
  await writeFile(path, model);
}
