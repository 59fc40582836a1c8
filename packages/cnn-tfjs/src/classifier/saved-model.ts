import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  assertWeights,
  DlcmpError,
  type ModelSpec,
  readModelManifest,
  readSafetensors,
  type Weights,
  writeModelManifest,
  writeSafetensors,
} from '@dlcmp/bench-core/contract';

/** Names the adapter, in manifests too. */
export const ADAPTER_ID = 'cnn-tfjs';

const WEIGHTS_FILE = 'weights.safetensors';

/** Writes `weights.safetensors`, and last `model.json`, without which a directory is no model. */
export async function saveModel(
  directory: string,
  spec: ModelSpec,
  weights: Weights,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeSafetensors(join(directory, WEIGHTS_FILE), weights);
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
  const sizes = {
    inputHeight,
    inputWidth,
    classNames,
    seed,
    ...(architecture && { architecture }),
  };
  try {
    assertWeights(initialWeights, sizes);
  } catch (cause) {
    throw new DlcmpError(
      'INVALID_FILE',
      `The weights in ${directory} are not those that its model.json describes. Save the model again.`,
      { cause },
    );
  }
  return { ...sizes, initialWeights };
}
