import type { FitSummary } from '@dlcmp/contract';
import type { PeerManifest } from './peer-manifest';
import type { PeerAnswer } from './peer-messages';
import { peerEnvironment } from './peer-process';

/**
 * What a peer said of its training, with the seconds by its own clock and what its manifest changed in
 * its environment.
 */
export function peerFitSummary(
  manifest: PeerManifest,
  { details, notes }: PeerAnswer<'train'>,
  peerTrainSeconds: number,
): FitSummary {
  const environment = peerEnvironment(manifest);
  const set = Object.keys(manifest.environment ?? {}).map((name) => `${name}=${environment[name]}`);
  const remark = set.length === 0 ? [] : [`It ran with ${set.join(', ')} in its environment.`];
  return { details: { ...details, peerTrainSeconds }, notes: [...notes, ...remark] };
}
