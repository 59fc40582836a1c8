import { PEER_PROTOCOL_VERSIONS, type PeerAnswer } from './peer-messages';
import type { PeerProcess } from './peer-process';

/**
 * What a peer says of itself, in the newest version of the protocol that it speaks: one that refuses the question lives on,
 * and is asked in the version before.
 *
 * @throws what the peer answers in the oldest version; `FRAMEWORK_MISSING` or `PEER_FAILED` where it ends
 */
export async function askDescription(process: PeerProcess): Promise<PeerAnswer<'describe'>> {
  const [newest, ...older] = PEER_PROTOCOL_VERSIONS;
  let answer = process.request('describe', { protocolVersion: newest });
  for (const protocolVersion of older) {
    answer = answer.catch((error: unknown) => {
      if (!process.isAlive) throw error;
      return process.request('describe', { protocolVersion });
    });
  }
  return answer;
}
