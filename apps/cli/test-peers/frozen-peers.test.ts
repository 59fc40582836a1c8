/** Peers train the last layers alone as plain PyTorch does. `DLCMP_PEERS` names them, `pytorch` unless it is set. */
import { fileURLToPath } from 'node:url';
import { createPeerAdapter, readPeerManifest } from '@dlcmp/bench-core/peer';
import type { CnnAdapter } from '@dlcmp/contract';
import { beforeAll, describe, it } from '@jest/globals';
import { expectAsPyTorch, recordedSpec } from '../test/frozen-layers/recorded-fits';

const PEERS = (process.env.DLCMP_PEERS ?? 'pytorch').split(',');

async function peerAdapter(name: string): Promise<CnnAdapter> {
  const path = fileURLToPath(new URL(`../../../peers/${name}/peer.json`, import.meta.url));
  return createPeerAdapter(await readPeerManifest(path)) as CnnAdapter;
}

describe.each(PEERS)('the peer %s', (name) => {
  let adapter: CnnAdapter;

  beforeAll(async () => {
    adapter = await peerAdapter(name);
  });

  it.each(['head', 'last:2'] as const)('trains %s as PyTorch does', async (train) =>
    expectAsPyTorch(await adapter.create(recordedSpec(), { threads: 1 }), train),
  );

  it.each(['adam', 'adamW'] as const)(
    'gives the head a rate of its own, with %s as PyTorch does',
    async (fit) => expectAsPyTorch(await adapter.create(recordedSpec(), { threads: 1 }), fit),
  );
});
