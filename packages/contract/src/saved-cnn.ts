import { join } from 'node:path';
import { DlcmpError } from './errors';
import { makeFolder } from './make-folder';
import { readModelManifest, writeModelManifest } from './model-manifest';
import type { ModelSpec } from './model-spec';
import { readSafetensors, writeSafetensors } from './safetensors';
import { assertFiniteWeights } from './training/divergence';
import { assertWeights, type Weights } from './weights';

const WEIGHTS_FILE = 'weights.safetensors';

/**
 * Writes `weights.safetensors` into `directory` (created where missing), and last the `model.json`
 * without which a directory is no model.
 *
 * @param adapter `id` of the adapter that may load it
 * @param entries what `model.json` shall hold besides, for other programs
 * @throws `DIVERGED` where a weight is not finite; nothing is written
 */
export async function writeSavedCnn(
  directory: string,
  adapter: string,
  spec: ModelSpec,
  weights: Weights,
  entries?: Readonly<Record<string, unknown>>,
): Promise<void> {
  assertFiniteWeights(weights, 'in the model that is to be saved');
  await makeFolder(directory);
  await writeSafetensors(join(directory, WEIGHTS_FILE), weights);
  await writeModelManifest(directory, adapter, spec, entries);
}

/**
 * The spec of a model that {@link writeSavedCnn} wrote, starting from its weights.
 *
 * @throws `INVALID_FILE`, also where another adapter wrote it
 */
export async function readSavedCnn(directory: string, adapter: string): Promise<ModelSpec> {
  const { inputHeight, inputWidth, classNames, seed, architecture } = await readModelManifest(
    directory,
    adapter,
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
  try {
    assertFiniteWeights(initialWeights, 'in the file');
  } catch (cause) {
    const { message } = cause as DlcmpError;
    throw new DlcmpError('INVALID_FILE', `${join(directory, WEIGHTS_FILE)}: ${message}`, { cause });
  }
  return { ...sizes, initialWeights };
}
