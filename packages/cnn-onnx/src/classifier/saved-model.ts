import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CHANNEL_MEAN,
  CHANNEL_STANDARD_DEVIATION,
  type ModelSpec,
  type Weights,
  writeSavedCnn,
} from '@dlcmp/bench-core/contract';
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
  const model = buildInferenceModel(network, weights, [PROBABILITIES], {
    classNames: JSON.stringify(spec.classNames),
    inputLayout: 'batch, height, width, RGB',
    channelMean: JSON.stringify(CHANNEL_MEAN),
    channelStandardDeviation: JSON.stringify(CHANNEL_STANDARD_DEVIATION),
  });
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'model.onnx'), model);
  await writeSavedCnn(directory, ADAPTER_ID, spec, weights);
}
