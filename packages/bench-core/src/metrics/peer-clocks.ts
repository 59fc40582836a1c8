import type { BenchResults } from '../results/bench-results';

/** Training time of one trial by two clocks. */
export interface PeerClocks {
  readonly displayName: string;
  readonly backend: string;
  readonly contender?: string | undefined;
  readonly seed: number;
  /** By the harness's clock, from request to answer. */
  readonly trainSeconds: number;
  /** By the peer's own clock. */
  readonly ownSeconds: number;
  /** What lies between, as a share of `trainSeconds`: what the protocol costs. */
  readonly betweenShare: number;
}

/** Of every completed trial of a peer, in running order. */
export function peerClocks({ trials }: BenchResults): PeerClocks[] {
  return trials.flatMap((trial) => {
    if (trial.status !== 'completed') return [];
    const ownSeconds = trial.details.peerTrainSeconds;
    if (typeof ownSeconds !== 'number') return [];
    const { displayName, backend, contender, seed, trainSeconds } = trial;
    const betweenShare = (trainSeconds - ownSeconds) / trainSeconds;
    return [{ displayName, backend, contender, seed, trainSeconds, ownSeconds, betweenShare }];
  });
}
