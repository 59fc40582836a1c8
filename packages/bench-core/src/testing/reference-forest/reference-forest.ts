import { join } from 'node:path';
import type { CreateOptions, ForestAdapter } from '@dlcmp/contract';
import {
  assertArgument,
  assertModelSpec,
  bytesPerImage,
  DlcmpError,
  type ModelSpec,
  readModelManifest,
  readSafetensors,
} from '@dlcmp/contract';
import {
  createReferenceForestClassifier,
  MEANS_FILE,
  MEMBER_COUNT,
} from './reference-forest-classifier';

const ID = 'reference-forest';
const BACKEND = 'cpu';

/**
 * The simplest ensemble that keeps the contract of the family `forest`, in plain TypeScript: nearest
 * class means, bagged. It stands in for a forest in tests of whatever drives adapters. Its one
 * backend is `cpu`.
 */
export function createReferenceForest(): ForestAdapter {
  return {
    id: ID,
    displayName: 'Reference forest',
    family: 'forest',
    probe: async () => [
      { name: BACKEND, available: true, device: 'CPU', versions: { node: process.versions.node } },
    ],
    async create(spec, options) {
      assertBackend(options);
      assertModelSpec(spec);
      return createReferenceForestClassifier(spec, ID);
    },
    async load(directory, options) {
      assertBackend(options);
      const manifest = await readModelManifest(directory, ID);
      return createReferenceForestClassifier(manifest, ID, await readMembers(directory, manifest));
    },
  };
}

async function readMembers(directory: string, spec: ModelSpec): Promise<Float32Array[]> {
  const { means } = await readSafetensors(join(directory, MEANS_FILE));
  const length = spec.classNames.length * bytesPerImage(spec);
  if (means?.data.length !== MEMBER_COUNT * length) {
    const message = `${directory} holds means that do not fit its model.json. Save it again.`;
    throw new DlcmpError('INVALID_FILE', message);
  }
  return Array.from({ length: MEMBER_COUNT }, (_, member) =>
    means.data.slice(member * length, (member + 1) * length),
  );
}

function assertBackend(options: CreateOptions = {}): void {
  const { backend = BACKEND } = options;
  assertArgument(backend === BACKEND, `${ID} has no backend "${backend}": it has ${BACKEND}.`);
}
