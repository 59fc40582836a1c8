import { join } from 'node:path';
import type { CnnAdapter, CreateOptions } from '@dlcmp/contract';
import {
  assertArgument,
  assertCnnSpec,
  DlcmpError,
  readModelManifest,
  readSafetensors,
} from '@dlcmp/contract';
import { createReferenceCnnClassifier, WEIGHTS_FILE } from './reference-cnn-classifier';

const ID = 'reference-cnn';
const BACKEND = 'cpu';

/**
 * `simple-cnn` in plain float64 TypeScript, with no framework: slow, legible, and held against
 * PyTorch. The contract's cases hold other adapters against it, and it stands in for a framework
 * in tests of whatever drives adapters. Its one backend is `cpu`.
 */
export function createReferenceCnn(): CnnAdapter {
  return {
    id: ID,
    displayName: 'Reference CNN',
    family: 'cnn',
    frameworkDefaults: {
      initializer: 'uniform-fan-in',
      adamEpsilon: 1e-8,
      augmentation: 'horizontal-flip',
    },
    probe: async () => [
      { name: BACKEND, available: true, device: 'CPU', versions: { node: process.versions.node } },
    ],
    async create(spec, options) {
      assertBackend(options);
      assertCnnSpec(spec);
      return createReferenceCnnClassifier(spec, ID);
    },
    async load(directory, options) {
      assertBackend(options);
      const manifest = await readModelManifest(directory, ID);
      const initialWeights = await readSafetensors(join(directory, WEIGHTS_FILE));
      try {
        return createReferenceCnnClassifier({ ...manifest, initialWeights }, ID);
      } catch (cause) {
        const message = `${directory} holds weights that do not fit its model.json. Save it again.`;
        throw new DlcmpError('INVALID_FILE', message, { cause });
      }
    },
  };
}

function assertBackend(options: CreateOptions = {}): void {
  const { backend = BACKEND } = options;
  assertArgument(backend === BACKEND, `${ID} has no backend "${backend}": it has ${BACKEND}.`);
}
