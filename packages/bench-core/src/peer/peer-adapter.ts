import {
  type Adapter,
  assertModelSpec,
  assertThreads,
  type BackendProbe,
  type CreateOptions,
  engineName,
  type FrameworkDefaults,
  isDlcmpError,
  type ModelSpec,
  NetworkClassifier,
  namedEngine,
  networkOf,
  readModelManifest,
  readSavedNetwork,
  requestedEngine,
} from '@dlcmp/contract';
import { IdlePeers } from './idle-peers';
import { peerEngines, peerProbes } from './peer-backends';
import { forestSpec } from './peer-dialect';
import { createPeerEngine } from './peer-engine';
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
  const engines = peerEngines(manifest);
  const shared = { id, displayName, engines, probe: () => probe(manifest, peers) };

  function choose(options: CreateOptions) {
    const { engine, device } = requestedEngine(options);
    return namedEngine({ id, engines }, engine, device);
  }

  async function describe() {
    const peer = await peers.take();
    peers.giveBack(peer);
    return peer.description;
  }

  async function openNetwork(spec: ModelSpec, options: CreateOptions): Promise<NetworkClassifier> {
    networkOf(spec);
    const { engine: described, device } = choose(options);
    const { threads } = options;
    assertThreads(threads);
    const { backends, protocolVersion } = await describe();
    const name = engineName(described, device);
    const backend = peerProbes(manifest, backends).find((probe) => probe.name === name);
    const asked = { manifest, peers, protocolVersion };
    const engine = createPeerEngine(spec, described, backend as BackendProbe, asked);
    return NetworkClassifier.open({ adapter: id, engine }, spec, {
      device,
      ...(threads !== undefined && { threads }),
    });
  }

  /** @param directory of a saved forest */
  async function openForest(spec: ModelSpec, options: CreateOptions, directory?: string) {
    assertModelSpec(spec);
    const { engine, device: backend } = choose(options);
    const { threads } = options;
    assertThreads(threads);
    const { protocolVersion } = await describe();
    const model = new PeerModel(spec, await PeerFiles.create(), peers, {
      spec: forestSpec(spec, protocolVersion),
      engine: engine.id,
      backend,
      threads: threads ?? null,
      weights: null,
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
      create: async (spec, options = {}) =>
        createPeerForest(await openForest(spec, options), manifest, false),
      async load(directory, options = {}) {
        const spec = await readModelManifest(directory, id);
        return createPeerForest(await openForest(spec, options, directory), manifest, true);
      },
    };
  }
  return {
    ...shared,
    family: 'cnn',
    frameworkDefaults: manifest.frameworkDefaults ?? FRAMEWORK_DEFAULTS,
    create: (spec, options = {}) => openNetwork(spec, options),
    load: async (directory, options = {}) =>
      openNetwork(await readSavedNetwork(directory), options),
  };
}

/** What cannot start or breaks the protocol has no backend that can run, for that reason. */
async function probe(manifest: PeerManifest, peers: IdlePeers): Promise<BackendProbe[]> {
  try {
    const peer = await peers.take();
    peers.giveBack(peer);
    return [...peerProbes(manifest, peer.description.backends)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const remedy = isDlcmpError(error, 'FRAMEWORK_MISSING') ? {} : { remedy: manifest.install };
    return peerProbes(manifest, []).map(({ name }) => ({
      ...{ name, available: false, reason },
      ...remedy,
    }));
  }
}
