import {
  type Adapter,
  assertArgument,
  assertCnnSpec,
  assertModelSpec,
  assertThreads,
  assertWeights,
  type BackendProbe,
  type CreateOptions,
  createInitialWeights,
  type FrameworkDefaults,
  isDlcmpError,
  type ModelSpec,
  readModelManifest,
  readSavedCnn,
  writeSafetensors,
} from '@dlcmp/contract';
import { IdlePeers } from './idle-peers';
import { createPeerCnn } from './peer-cnn';
import { PeerFiles } from './peer-files';
import { createPeerForest } from './peer-forest';
import type { PeerManifest } from './peer-manifest';
import { PeerModel } from './peer-model';

/** PyTorch's. */
const FRAMEWORK_DEFAULTS: FrameworkDefaults = {
  initializer: 'uniform-fan-in',
  adamEpsilon: 1e-8,
  augmentation: 'horizontal-flip',
};

/** A framework in a process of its own, in whatever language, as an adapter like any other. */
export function createPeerAdapter(manifest: PeerManifest): Adapter {
  const { id, displayName } = manifest;
  const peers = new IdlePeers(manifest);
  const shared = { id, displayName, probe: () => probe(manifest, peers) };

  /** @param directory of a saved forest */
  async function open(spec: ModelSpec, { backend, threads }: CreateOptions, directory?: string) {
    const chosen = backend ?? manifest.backends[0] ?? '';
    assertArgument(
      manifest.backends.includes(chosen),
      `${id} has no backend "${chosen}". Choose one of: ${manifest.backends.join(', ')}.`,
    );
    assertThreads(threads);
    const files = await PeerFiles.create();
    const weights = manifest.family === 'cnn' ? files.path('initial.safetensors') : null;
    if (weights) await writeSafetensors(weights, createInitialWeights(spec));
    const model = new PeerModel(spec, files, peers, {
      spec: wireSpec(spec, manifest),
      backend: chosen,
      threads: threads ?? null,
      weights,
      model: directory ?? null,
    });
    await model
      .run(async () => {})
      .catch(async (error: unknown) => {
        await model.dispose();
        throw error;
      });
    return model;
  }

  if (manifest.family === 'forest') {
    return {
      ...shared,
      family: 'forest',
      async create(spec, options = {}) {
        assertModelSpec(spec);
        return createPeerForest(await open(spec, options), manifest, false);
      },
      async load(directory, options = {}) {
        const spec = await readModelManifest(directory, id);
        return createPeerForest(await open(spec, options, directory), manifest, true);
      },
    };
  }
  return {
    ...shared,
    family: 'cnn',
    frameworkDefaults: manifest.frameworkDefaults ?? FRAMEWORK_DEFAULTS,
    async create(spec, options = {}) {
      assertCnnSpec(spec);
      if (spec.initialWeights) assertWeights(spec.initialWeights, spec);
      return createPeerCnn(await open(spec, options), manifest, spec.initialWeights !== undefined);
    },
    async load(directory, options = {}) {
      const spec = await readSavedCnn(directory, id);
      return createPeerCnn(await open(spec, options), manifest, true);
    },
  };
}

/** What cannot start or breaks the protocol has no backend that can run, for that reason. */
async function probe(manifest: PeerManifest, peers: IdlePeers): Promise<BackendProbe[]> {
  try {
    const peer = await peers.take();
    peers.giveBack(peer);
    return peer.description.backends.map(({ ...backend }) => backend as BackendProbe);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = isDlcmpError(error, 'FRAMEWORK_MISSING') ? {} : { remedy: manifest.install };
    return manifest.backends.map((name) => ({ name, available: false, reason, ...remedy }));
  }
}

function wireSpec(spec: ModelSpec, { family }: PeerManifest) {
  const { inputHeight, inputWidth, classNames, seed } = spec;
  const size = { inputHeight, inputWidth, classNames: [...classNames], seed };
  if (family === 'forest') return { ...size, architecture: null };
  const { channels, hiddenUnits, dropoutRate } = assertCnnSpec(spec);
  const [first, second, third] = channels;
  return {
    ...size,
    architecture: {
      channels: [first, second, third] as [number, number, number],
      hiddenUnits,
      dropoutRate,
    },
  };
}
