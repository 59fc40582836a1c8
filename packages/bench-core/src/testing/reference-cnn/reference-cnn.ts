import type { CnnAdapter, CreateOptions } from '@dlcmp/contract';
import { assertArgument, assertCnnSpec, readSavedCnn } from '@dlcmp/contract';
import { createReferenceCnnClassifier } from './reference-cnn-classifier';

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
      return createReferenceCnnClassifier(await readSavedCnn(directory, ID), ID);
    },
  };
}

function assertBackend(options: CreateOptions = {}): void {
  const { backend = BACKEND } = options;
  assertArgument(backend === BACKEND, `${ID} has no backend "${backend}": it has ${BACKEND}.`);
}
