import {
  type BackendProbe,
  type Device,
  type EngineDescription,
  engineName,
} from '@dlcmp/contract';
import type { PeerManifest } from './peer-manifest';
import type { PeerAnswer } from './peer-messages';

type SaidBackend = PeerAnswer<'describe'>['backends'][number];

/** The engines of a peer as the harness lists them; whatever a peer computes, its framework does. */
export function peerEngines({ displayName, backends, engines }: PeerManifest): EngineDescription[] {
  const names = engines ?? [{ id: 'stock', title: displayName }];
  const everything = { part: 'everything', by: 'framework', what: displayName } as const;
  return names.map((name) => ({
    ...name,
    devices: backends as readonly Device[],
    computedBy: [everything],
  }));
}

/** What a peer said of each engine on each of its devices. */
export function peerProbes(
  manifest: PeerManifest,
  said: readonly SaidBackend[],
): readonly BackendProbe[] {
  return peerEngines(manifest).flatMap((engine) =>
    engine.devices.map((device) => probeOf(engine, device, said)),
  );
}

function probeOf(
  engine: EngineDescription,
  device: Device,
  said: readonly SaidBackend[],
): BackendProbe {
  const name = engineName(engine, device);
  const found = said.find(
    (backend) => backend.name === device && (backend.engine ?? engine.id) === engine.id,
  );
  if (found?.available) {
    const computedBy = found.computedBy?.map((part) => ({ ...part, by: 'framework' as const }));
    const { device: hardware, versions } = found;
    return {
      ...{ name, available: true, device: hardware, versions },
      ...(computedBy && { computedBy }),
    };
  }
  const { reason = `It says nothing of "${name}".`, remedy } = found ?? {};
  return { name, available: false, reason, ...(remedy !== undefined && { remedy }) };
}
