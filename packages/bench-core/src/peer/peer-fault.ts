import { DlcmpError } from '@dlcmp/contract';

/** `PEER_FAILED`, for a peer that keeps the protocol's form and errs in its content. */
export function peerFault(fault: string): DlcmpError {
  return new DlcmpError('PEER_FAILED', `The peer ${fault}.`);
}
