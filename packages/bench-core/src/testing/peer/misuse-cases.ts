import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkOf } from '@dlcmp/contract';
import { askDescription } from '../../peer/ask-description';
import { explicitDescription } from '../../peer/explicit-description';
import type { PeerManifest } from '../../peer/peer-manifest';
import type { PeerMethod } from '../../peer/peer-messages';
import { PeerProcess } from '../../peer/peer-process';
import { CONTRACT_SIZES, CONTRACT_SPEC } from '../contract-data';

/** What a peer must do where the harness asks what it cannot do. */
export interface MisuseCase {
  readonly name: string;
  run(peer: PeerProcess): Promise<void>;
}

/** Long enough for Python to leave its libraries behind on a machine that has other things to do. */
const END_MS = 30_000;

export const misuseCases: readonly MisuseCase[] = [
  {
    name: 'refuses another version of the protocol',
    run: (peer) => assertRefused(peer, 'describe', { protocolVersion: 999 }),
  },
  {
    name: 'refuses a method that there is not, and lives on',
    async run(peer) {
      await assertRefused(peer, 'juggle', {});
      await peer.request('usage', {});
    },
  },
  {
    name: 'refuses a model that is not there, and lives on',
    async run(peer) {
      const { inputHeight, inputWidth, classNames, seed } = CONTRACT_SPEC;
      const architecture = CONTRACT_SIZES;
      const missing = join(tmpdir(), 'dlcmp-there-is-no-such-file');
      const network = { ...explicitDescription(networkOf(CONTRACT_SPEC)) };
      const spec = { inputHeight, inputWidth, classNames, seed, network, architecture };
      const params = { spec, backend: 'cpu', threads: 1, weights: missing, model: missing };
      await assertRefused(peer, 'create', params);
      await peer.request('usage', {});
    },
  },
  {
    name: 'frees its model when told to, also where it has none',
    async run(peer) {
      await inTime(peer.request('dispose', {}));
      await peer.request('usage', {});
    },
  },
  {
    name: 'ends when its standard input closes',
    async run(peer) {
      await inTime(peer.closeInput());
    },
  },
];

/** Holds a fresh process of the peer against one case. */
export async function runMisuseCase(misuse: MisuseCase, manifest: PeerManifest): Promise<void> {
  const peer = new PeerProcess(manifest);
  try {
    await askDescription(peer);
    await misuse.run(peer);
  } finally {
    peer.end();
  }
}

async function inTime(answer: Promise<unknown>): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(reject, END_MS, new Error(`It was not done after ${END_MS / 1000} s.`)).unref();
  });
  await Promise.race([answer, late]);
}

async function assertRefused(peer: PeerProcess, method: string, params: object): Promise<void> {
  const refused = await peer.request(method as PeerMethod, params as never).then(
    () => false,
    () => true,
  );
  assert(refused, `"${method}" must be answered with an error.`);
  assert(peer.isAlive, `After "${method}" the peer must live on, with an answer of its own.`);
}
