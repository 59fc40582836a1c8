import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createInitialWeights,
  namedNetwork,
  networkOf,
  writeSavedNetwork,
} from '../../contract/dist/index.js';

const CLASS_NAMES = ['buildings', 'forest', 'glacier', 'mountain', 'sea', 'street'];

/** Modules of the adapters, by the names that users type. */
export const ADAPTERS = Object.fromEntries(
  [
    ['onnx', 'cnn-onnx'],
    ['tfjs', 'cnn-tfjs'],
  ].map(([name, folder]) => [
    name,
    fileURLToPath(new URL(`../../${folder}/dist/index.js`, import.meta.url)),
  ]),
);

/** Saves a named network with the weights that training would begin with: it costs what a trained one does. Answers its folder. */
export async function saveNetwork(name, side) {
  const spec = {
    ...{ inputHeight: side, inputWidth: side, classNames: CLASS_NAMES, seed: 1 },
    network: namedNetwork(name),
  };
  const network = networkOf(spec);
  const directory = await mkdtemp(join(tmpdir(), 'dlcmp-serving-'));
  await writeSavedNetwork(
    directory,
    { adapter: 'cnn-onnx', engine: 'graph' },
    { spec, network, weights: createInitialWeights(spec, network) },
  );
  return directory;
}

/** A contender as users type it, `onnx:graph`, as a model to serve. */
export function servedModel(path, contender) {
  const [adapter, engine] = contender.split(':');
  return { path, adapter: ADAPTERS[adapter], ...(engine && { engine }) };
}
