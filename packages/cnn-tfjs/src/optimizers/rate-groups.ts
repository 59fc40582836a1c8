/** Weights that are moved at one learning rate. */
export interface RateGroup {
  /** What the step's learning rate is multiplied by. */
  readonly factor: number;
  readonly names: readonly string[];
}

/** The weights called `names`, by the factors of their learning rates. */
export function rateGroups(
  names: readonly string[],
  factors: Readonly<Record<string, number>> = {},
): readonly RateGroup[] {
  const factorOf = (name: string) => factors[name] ?? 1;
  return [...new Set(names.map(factorOf))].map((factor) => ({
    factor,
    names: names.filter((name) => factorOf(name) === factor),
  }));
}
