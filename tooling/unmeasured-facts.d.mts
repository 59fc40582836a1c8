/** How many values of two results are compared, and the paths of those that differ. */
export function differences(
  one: unknown,
  other: unknown,
): { readonly compared: number; readonly differing: readonly string[] };
