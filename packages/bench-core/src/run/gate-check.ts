import { isDeepStrictEqual } from 'node:util';
import type { GatedContender, ParityGate, TrialResult } from '../results/bench-results';
import type { Check } from '../results/checks';

/** `result` with what the gate found of its contender as a check, where it went through the gate. */
export function withGateCheck(
  result: TrialResult,
  contender: string,
  { contenders = [] }: ParityGate,
): TrialResult {
  const gated = contenders.find(
    (candidate) =>
      candidate.contender === contender && isDeepStrictEqual(candidate.settings, result.settings),
  );
  if (!gated || result.status !== 'completed') return result;
  const checks = [toCheck(gated), ...(result.checks ?? [])];
  return { ...result, checks, comparable: checks.every(({ passed }) => passed) };
}

/** The figure is the number of checks that failed. */
function toCheck({ passed, checks }: GatedContender): Check {
  const failed = checks.filter((check) => !check.passed);
  return {
    ...{ id: 'gate', passed, figure: failed.length, limit: 0 },
    proves:
      'before it was timed, it computed on the same path what the reference and the others do',
    ...(!passed && { detail: failed.map(({ id }) => id).join(', ') }),
  };
}
