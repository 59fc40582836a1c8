import { isDeepStrictEqual } from 'node:util';
import { DlcmpError } from '@dlcmp/contract';
import type { BenchConfiguration, BenchResults } from '../results/bench-results';
import type { BenchPlan } from './bench-plan';

/**
 * Refuses to go on from `earlier` unless it was made by the same configuration on the same images.
 *
 * @throws `INVALID_ARGUMENT` naming what changed
 */
export function assertResumable(plan: BenchPlan, earlier: BenchResults): void {
  const keys = Object.keys({ ...earlier.configuration, ...plan.configuration });
  const changed = (keys as (keyof BenchConfiguration)[])
    .filter((key) => !isDeepStrictEqual(plan.configuration[key], earlier.configuration[key]))
    .map((key) => {
      const [was, now] = [earlier.configuration[key], plan.configuration[key]];
      return `${key} was ${describe(was)} and is ${describe(now)}`;
    });
  if (plan.dataset.fingerprint !== earlier.dataset.fingerprint) {
    changed.push('the images are not the same');
  }
  if (changed.length === 0) return;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `--resume: ${plan.outputDirectory} holds another run: ${changed.join('; ')}. Repeat its options, or choose another --out.`,
  );
}

function describe(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
