import type { Device, Engine, ModelSpec, Network } from '@dlcmp/contract';
import type { DescribedPeer, IdlePeers } from './idle-peers';
import { peerDialect } from './peer-dialect';
import { PeerFiles } from './peer-files';
import type { PeerManifest } from './peer-manifest';
import { PeerModel } from './peer-model';
import { INITIAL_WEIGHTS, PeerNetwork } from './peer-network';

/** `spec` in a peer's process, as an engine: what it supports goes by the version of the protocol that the peer speaks. */
export function createPeerEngine(
  spec: ModelSpec,
  manifest: PeerManifest,
  peers: IdlePeers,
  { protocolVersion, backends }: DescribedPeer['description'],
): Engine {
  const dialect = peerDialect(protocolVersion);
  return {
    id: PEER_ENGINE,
    devices: manifest.backends as readonly Device[],
    computedBy: [{ part: 'everything', by: 'framework', what: manifest.displayName }],
    optimizers: dialect.optimizers,
    clipsGradients: dialect.clipsGradients,
    probe: async (device) => probeOf(backends, device),
    supports: dialect.supports,
    async open(network: Network, { device, threads }) {
      const files = await PeerFiles.create();
      const model = new PeerModel(spec, files, peers, {
        spec: dialect.spec(spec, network),
        backend: device,
        threads: threads ?? null,
        weights: files.path(INITIAL_WEIGHTS),
        model: null,
      });
      return new PeerNetwork(model, network, dialect, manifest);
    },
  };
}

/** In the place of an engine's name. */
const PEER_ENGINE = 'peer';

function probeOf(backends: DescribedPeer['description']['backends'], device: Device) {
  const backend = backends.find(({ name }) => name === device);
  if (backend?.available) {
    return { available: true, hardware: backend.device, versions: backend.versions } as const;
  }
  const { reason = `It has no backend "${device}".`, remedy } = backend ?? {};
  return { available: false, reason, ...(remedy !== undefined && { remedy }) } as const;
}
