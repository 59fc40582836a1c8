import type { Contender } from '@dlcmp/bench-core/results';

/** Contenders whose times are ranked together. */
export interface Division {
  /** `As published, `; empty where there is but one. */
  readonly prefix: string;
  readonly contenders: readonly Contender[];
}

const PREFIX = {
  'as-published': 'As published',
  'with-kernels': 'With kernels of dlcmp',
} as const;

export function isNetwork({ completed }: Contender): boolean {
  return completed[0]?.family === 'cnn';
}

/** The networks by division: those as published first, last those of an adapter that does not say. */
export function divisionsOf(contenders: readonly Contender[]): Division[] {
  const networks = contenders.filter(isNetwork);
  const divisions = (['as-published', 'with-kernels', undefined] as const)
    .map((division) => ({
      division,
      contenders: networks.filter(({ completed }) => completed[0]?.division === division),
    }))
    .filter((group) => group.contenders.length > 0);
  return divisions.map(({ division, contenders: members }) => ({
    prefix: divisions.length > 1 ? `${division ? PREFIX[division] : 'Of the others'}, ` : '',
    contenders: members,
  }));
}
