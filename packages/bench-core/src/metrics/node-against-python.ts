import type { BenchResults } from '../results/bench-results';
import { isBlanketFailure } from './blanket-failure';
import type { AdapterComparison, ComparedContender, ComparedTime } from './comparison';
import { groupByContender } from './contenders';
import type { RatioInterval } from './paired-ratio';

/** How a framework in Node.js fares against one in Python of the same family of classifiers. */
export interface NodeAgainstPython {
  readonly node: ComparedContender;
  readonly python: ComparedContender;
  /** Node's time over Python's: below 1, Node.js took less. */
  readonly times: readonly (RatioInterval & { readonly metric: ComparedTime })[];
}

/**
 * Every framework of `results` in Node.js against every one in Python of its family, over the seeds
 * that both completed. A trial is Python's where its adapter gives a version of `python`. CNNs that
 * failed the parity gate are not compared, nor is a contender of which a check failed.
 *
 * @param comparisons those of `results`, by `compareAdapters`
 */
export function nodeAgainstPython(
  results: BenchResults,
  comparisons: readonly AdapterComparison[],
): NodeAgainstPython[] {
  const kinds = new Map(
    results.trials.flatMap((trial) =>
      trial.status === 'completed'
        ? [[trial.adapter, { isPython: 'python' in trial.versions, family: trial.family }] as const]
        : [],
    ),
  );
  const comparable = new Set(
    groupByContender(results).flatMap((one) => (one.comparable ? [one.key] : [])),
  );
  return comparisons.flatMap(({ left, right, times }) => {
    if (!comparable.has(left.key) || !comparable.has(right.key)) return [];
    const [first, second] = [kinds.get(left.adapter), kinds.get(right.adapter)];
    if (first?.family !== second?.family || first?.isPython === second?.isPython) return [];
    if (first?.family === 'cnn' && isBlanketFailure(results.parityGate)) return [];
    const ratios = times.map(({ metric, ratio, low, high, pValue }) => {
      const interval = { metric, ratio, low, high, pValue };
      return first?.isPython ? invert(interval) : interval;
    });
    const [node, python] = first?.isPython ? [right, left] : [left, right];
    return [{ node, python, times: ratios }];
  });
}

function invert<T extends RatioInterval>(interval: T): T {
  const { ratio, low, high } = interval;
  return {
    ...interval,
    ratio: 1 / ratio,
    low: high === null ? null : 1 / high,
    high: low === null ? null : 1 / low,
  };
}
