import { median } from 'simple-statistics';

/** What a sample of paired differences says of where their middle is. */
export interface SignedRank {
  /** Median of the means of all two of them, each with itself too (Hodges and Lehmann, 1963): one wild value in four moves it little. */
  readonly estimate: number;
  /** Of differences as large or larger, all together, where none has a direction of its own. */
  readonly pValue: number;
}

/**
 * Wilcoxon's exact signed-rank test that `differences` (at least one) are not above 0 (Biometrics Bulletin 1, 1945). It assumes that a
 * difference is as likely as its opposite, and nothing of how large they are: noise that comes and goes may double a few.
 */
export function signedRankTest(differences: readonly number[]): SignedRank {
  const known = differences.filter((difference) => difference !== 0);
  const ranks = doubledRanks(known.map(Math.abs));
  const sum = known.reduce((total, each, at) => total + (each > 0 ? ranks[at]! : 0), 0);
  return { estimate: median(pairMeans(differences)), pValue: shareOfSums(ranks, sum) };
}

function pairMeans(values: readonly number[]): number[] {
  return values.flatMap((left, at) => values.slice(at).map((right) => (left + right) / 2));
}

/** Twice the rank of each, so that ties have whole numbers too. */
function doubledRanks(sizes: readonly number[]): number[] {
  return sizes.map((size) => {
    const below = sizes.filter((other) => other < size).length;
    const equal = sizes.filter((other) => other === size).length;
    return 2 * below + equal + 1;
  });
}

/** Of all ways to give `ranks` signs, the share whose positive ones add up to `least` or more. */
function shareOfSums(ranks: readonly number[], least: number): number {
  let ways = new Map([[0, 1]]);
  for (const rank of ranks) {
    const next = new Map<number, number>();
    for (const [sum, share] of ways) {
      next.set(sum, (next.get(sum) ?? 0) + share / 2);
      next.set(sum + rank, (next.get(sum + rank) ?? 0) + share / 2);
    }
    ways = next;
  }
  return [...ways].reduce((total, [sum, share]) => total + (sum >= least ? share : 0), 0);
}
