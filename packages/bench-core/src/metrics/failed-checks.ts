import { counted } from '@dlcmp/contract';
import type { Check } from '../results/checks';
import type { Contender } from './contenders';

/** A check that a contender failed, with the figure that is furthest beyond its limit. */
export interface FailedCheck extends Check {
  /** In whose trials it failed. */
  readonly seeds: readonly number[];
}

/** What keeps `contender` from being compared, each check once; nothing where it can be. */
export function failedChecks({ completed }: Pick<Contender, 'completed'>): FailedCheck[] {
  const failed = new Map<string, FailedCheck>();
  for (const { seed, checks = [] } of completed) {
    for (const check of checks.filter(({ passed }) => !passed)) {
      const known = failed.get(check.id);
      const worst = known && excess(known) >= excess(check) ? known : check;
      failed.set(check.id, { ...worst, seeds: [...(known?.seeds ?? []), seed] });
    }
  }
  return [...failed.values()];
}

/** `check first-losses has 0.0042 where at most 0.0016 is allowed, with 1 seed (step 8, against cnn-tfjs:stock)` */
export function describeFailedCheck({ id, figure, limit, detail, seeds }: FailedCheck): string {
  const found = figure === null ? 'no finite figure' : String(Number(figure.toPrecision(3)));
  const allowed = limit === null ? '' : ` where at most ${Number(limit.toPrecision(3))} is allowed`;
  const more = detail ? ` (${detail})` : '';
  return `check ${id} has ${found}${allowed}, with ${counted(seeds.length, 'seed')}${more}`;
}

function excess({ figure, limit }: Check): number {
  if (figure === null || limit === null) return Number.POSITIVE_INFINITY;
  return figure - limit;
}
