import { isDeepStrictEqual } from 'node:util';
import { DlcmpError } from '@dlcmp/contract';
import type { BenchConfiguration, BenchResults } from '../results/bench-results';
import type { BenchPlan } from './bench-plan';

/**
 * Refuses to go on from `earlier` unless it was made by the same configuration on the same images. More seeds, contenders and repeats
 * are welcome: they are added to what is there.
 *
 * @throws `INVALID_ARGUMENT` naming what changed
 */
export function assertResumable(plan: BenchPlan, earlier: BenchResults): void {
  const keys = Object.keys({ ...earlier.configuration, ...plan.configuration });
  const changed = (keys as (keyof BenchConfiguration)[])
    .filter((key) => !isDeepStrictEqual(plan.configuration[key], earlier.configuration[key]))
    .filter((key) => !isExtended(key, plan.configuration, earlier.configuration))
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
    `--resume: ${plan.outputDirectory} holds another run: ${changed.join('; ')}. Repeat its options (seeds, contenders and repeats may be more), or choose another --out.`,
  );
}

/** Whether what stands under `key` now holds all that stood there before. */
function isExtended(
  key: keyof BenchConfiguration,
  now: BenchConfiguration,
  before: BenchConfiguration,
): boolean {
  if (key === 'repeats') return (now.repeats ?? 1) >= (before.repeats ?? 1);
  if (key === 'tf32') return before.tf32 === undefined;
  if (key !== 'seeds' && key !== 'adapters') return false;
  const present: readonly unknown[] = now[key];
  return before[key].every((old) => present.some((value) => isDeepStrictEqual(value, old)));
}

function describe(value: unknown): string {
  return value === undefined ? 'not given' : JSON.stringify(value);
}
