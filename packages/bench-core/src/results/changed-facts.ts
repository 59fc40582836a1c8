import { groupByContender } from '../metrics/contenders';
import type { BenchResults } from './bench-results';

/** Something that two runs do not have in common. */
export interface ChangedFact {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const ABSENT = '–';

/** What differs in configuration, data set, machine and versions between two runs. */
export function changedFacts(earlier: BenchResults, later: BenchResults): ChangedFact[] {
  const before = facts(earlier);
  const after = facts(later);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .map((name) => ({
      name,
      before: before.get(name) ?? ABSENT,
      after: after.get(name) ?? ABSENT,
    }))
    .filter((fact) => fact.before !== fact.after);
}

function facts(results: BenchResults): Map<string, string> {
  const { configuration, machine, dataset, parityGate } = results;
  const entries = Object.entries({ ...configuration, ...machine }).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const versions = groupByContender(results).flatMap(({ adapter, completed }) =>
    Object.entries(completed[0]?.versions ?? {}).map(([name, version]) => [
      `${adapter}: ${name}`,
      version,
    ]),
  );
  return new Map([
    ['data set', dataset.name],
    ['images (fingerprint)', dataset.fingerprint.slice(0, 19)],
    ['parity gate', parityGate.status],
    ...entries,
    ...versions,
  ] as [string, string][]);
}
