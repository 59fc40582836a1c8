import type { BackendProbe, Engine, EngineDescription, ModelSpec, Network } from '@dlcmp/contract';
import type { IdlePeers } from './idle-peers';
import { peerDialect } from './peer-dialect';
import { PeerFiles } from './peer-files';
import type { PeerManifest } from './peer-manifest';
import { PeerModel } from './peer-model';
import { INITIAL_WEIGHTS, PeerNetwork } from './peer-network';

/** A peer's process, and what it has said of itself. */
export interface AskedPeer {
  readonly manifest: PeerManifest;
  readonly peers: IdlePeers;
  readonly protocolVersion: number;
}

/** `spec` in a peer's process, as an engine: what it supports goes by the version of the protocol that the peer speaks. */
export function createPeerEngine(
  spec: ModelSpec,
  described: EngineDescription,
  backend: BackendProbe,
  { manifest, peers, protocolVersion }: AskedPeer,
): Engine {
  const dialect = peerDialect(protocolVersion);
  return {
    ...described,
    ...(backend.available && backend.computedBy && { computedBy: backend.computedBy }),
    optimizers: dialect.optimizers,
    clipsGradients: dialect.clipsGradients,
    ratesByWeight: dialect.ratesByWeight,
    probe: async () =>
      backend.available ? { ...backend, hardware: backend.device } : { ...backend },
    supports: dialect.supports,
    async open(network: Network, { device, threads }) {
      const files = await PeerFiles.create();
      const model = new PeerModel(spec, files, peers, {
        spec: dialect.spec(spec, network),
        engine: described.id,
        backend: device,
        threads: threads ?? null,
        weights: files.path(INITIAL_WEIGHTS),
        model: null,
      });
      return new PeerNetwork(model, network, dialect, manifest);
    },
  };
}
