import { isDeepStrictEqual } from 'node:util';
import type { GatedContender, ParityGate } from '../results/bench-results';
import { describeGate } from '../run/gate-words';

/** One gate of those that the parts of a study went through, each on its machine: whoever failed on one has failed. */
export function mergeGates(gates: readonly ParityGate[]): ParityGate {
  const [first] = gates as [ParityGate];
  if (gates.every(({ contenders }) => contenders === undefined)) {
    return gates.find(({ status }) => status === 'failed') ?? first;
  }
  const merged: GatedContender[] = [];
  for (const contender of gates.flatMap(({ contenders = [] }) => contenders)) {
    const at = merged.findIndex((known) => isSame(known, contender));
    if (at === -1) merged.push(contender);
    else if (merged[at]?.passed && !contender.passed) merged[at] = contender;
  }
  return describeGate(merged);
}

function isSame(left: GatedContender, right: GatedContender): boolean {
  return left.contender === right.contender && isDeepStrictEqual(left.settings, right.settings);
}
