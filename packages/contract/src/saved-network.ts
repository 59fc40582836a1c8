import { join } from 'node:path';
import { DlcmpError } from './errors';
import { makeFolder } from './make-folder';
import { readModelManifest, writeModelManifest } from './model-manifest';
import { type ModelSpec, networkOf } from './model-spec';
import type { NetworkDescription } from './network/network-description';
import { assertNetworkWeights } from './network/network-weights';
import type { Network } from './network/resolve-network';
import { networkOfLayers } from './networks/saved-layers';
import { simpleCnn } from './networks/simple-cnn';
import { readSafetensors, writeSafetensors } from './safetensors';
import { assertFiniteWeights } from './training/divergence';
import type { Weights } from './weights';

/** A trained network that is to be saved. */
export interface TrainedNetwork {
  readonly spec: ModelSpec;
  readonly network: Network;
  /** Weights and state. */
  readonly weights: Weights;
}

/**
 * Writes more files into a model's `directory`, which exists.
 *
 * @returns what `model.json` shall hold besides, for other programs
 */
export type SaveModelFiles = (
  directory: string,
  trained: TrainedNetwork,
) => Promise<Readonly<Record<string, unknown>> | undefined>;

const WEIGHTS_FILE = 'weights.safetensors';

/**
 * Writes `weights.safetensors` into `directory` (created where missing), what `saveMore` adds, and last the `model.json`
 * without which a directory is no model. Any engine that supports the network opens it.
 *
 * @param writer who trained it, for readers of `model.json`
 */
export async function writeSavedNetwork(
  directory: string,
  writer: { readonly adapter: string; readonly engine: string },
  trained: TrainedNetwork,
  saveMore?: SaveModelFiles,
): Promise<void> {
  const { spec, network, weights } = trained;
  assertFiniteWeights(weights, 'in the model that is to be saved');
  await makeFolder(directory);
  await writeSafetensors(join(directory, WEIGHTS_FILE), weights);
  const more = await saveMore?.(directory, trained);
  const described = { ...spec, network: network.description };
  await writeModelManifest(directory, writer.adapter, described, {
    engine: writer.engine,
    ...more,
  });
}

/**
 * The spec of a network that any adapter saved, starting from its weights.
 *
 * @throws `INVALID_FILE`
 */
export async function readSavedNetwork(
  directory: string,
): Promise<ModelSpec & { readonly network: NetworkDescription }> {
  const manifest = await readModelManifest(directory);
  const { inputHeight, inputWidth, classNames, seed } = manifest;
  const initialWeights = await readSafetensors(join(directory, WEIGHTS_FILE), {
    skip: (name) => name.endsWith('.num_batches_tracked'),
  });
  const { pretrained } = manifest;
  const sizes = { inputHeight, inputWidth, classNames, seed, ...(pretrained && { pretrained }) };
  try {
    const network =
      manifest.network ??
      (manifest.layers ? networkOfLayers(manifest.layers) : undefined) ??
      simpleCnn(manifest.architecture);
    assertNetworkWeights(initialWeights, networkOf({ ...sizes, network }));
    assertFiniteWeights(initialWeights, `in ${WEIGHTS_FILE}`);
    return { ...sizes, network, initialWeights };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_FILE',
      `The model in ${directory} does not fit together: ${reason} Save the model again.`,
      { cause },
    );
  }
}
