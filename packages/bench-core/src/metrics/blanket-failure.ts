import type { ParityGate } from '../results/bench-results';

/**
 * Whether a gate failed without naming who: then no CNN may be compared with another. Of one that names them, each trial's
 * `comparable` tells; gates of an older dlcmp did not.
 */
export function isBlanketFailure({ status, contenders }: ParityGate): boolean {
  return status === 'failed' && contenders === undefined;
}
