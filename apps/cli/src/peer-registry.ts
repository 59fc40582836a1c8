import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type AdapterReference, PEER_FACTORY } from '@dlcmp/bench-core';
import { type PeerManifest, readPeerManifest } from '@dlcmp/bench-core/peer';

/** Folders of peers: the user's own in `./peers`, and those that come with this package. */
const PEER_FOLDERS: readonly string[] = [
  'peers',
  fileURLToPath(new URL('./peers', import.meta.url)),
];

/**
 * Every peer that is declared by a `peer.json` in a folder of `peers/`; of two with one id, the
 * user's.
 *
 * @throws `INVALID_FILE` where a manifest is none
 */
export async function findPeers(): Promise<PeerManifest[]> {
  const manifests = new Map<string, PeerManifest>();
  for (const path of (await Promise.all(PEER_FOLDERS.map(manifestPaths))).flat()) {
    const manifest = await readPeerManifest(path);
    if (!manifests.has(manifest.id)) manifests.set(manifest.id, manifest);
  }
  return [...manifests.values()];
}

/** How a trial's process finds a peer. */
export function peerReference(manifest: PeerManifest): AdapterReference {
  const path = createRequire(import.meta.url).resolve('@dlcmp/bench-core/peer');
  const moduleUrl = pathToFileURL(path.replace(/\.cjs$/, '.js')).href;
  return { moduleUrl, factory: PEER_FACTORY, options: { ...manifest } };
}

async function manifestPaths(folder: string): Promise<string[]> {
  const paths = await readdir(folder, { recursive: true }).catch(() => []);
  return paths
    .filter((path) => /^[^/\\]+[/\\]peer\.json$/.test(path))
    .sort()
    .map((path) => join(folder, path));
}
