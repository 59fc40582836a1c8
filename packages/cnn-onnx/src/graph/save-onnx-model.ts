import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainedNetwork } from '@dlcmp/contract';
import { buildInferenceModel } from './inference-model';

/** Writes `model.onnx`: from bytes to probabilities, for any ONNX runtime, with classes and normalisation in its metadata. */
export async function saveOnnxModel(
  directory: string,
  { spec, network, weights }: TrainedNetwork,
): Promise<undefined> {
  const { mean, standardDeviation } = network.normalisation;
  const model = buildInferenceModel(network, weights, ['probabilities'], {
    classNames: JSON.stringify(spec.classNames),
    inputLayout: 'batch, height, width, RGB',
    channelMean: JSON.stringify(mean),
    channelStandardDeviation: JSON.stringify(standardDeviation),
  });
  await writeFile(join(directory, 'model.onnx'), model);
}
