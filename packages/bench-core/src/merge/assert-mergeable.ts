import { isDeepStrictEqual } from 'node:util';
import { assertArgument } from '@dlcmp/contract';
import type {
  BenchConfiguration,
  BenchResults,
  CompletedTrial,
  MachineSummary,
} from '../results/bench-results';
import { distinctMachines } from '../results/machines';
import type { StudyPart } from './study-part';

/** What extensions may have more of. */
const MAY_GROW: ReadonlySet<keyof BenchConfiguration> = new Set(['seeds', 'adapters']);

/**
 * Sees that `parts` are of one study: other seeds and contenders, on any machine, and nothing else that differs.
 *
 * @throws `INVALID_ARGUMENT` naming two folders and all that differs between them, or one that contradicts itself
 */
export function assertMergeable(parts: readonly StudyPart[]): void {
  for (const part of parts) assertOwnSeeds(part);
  // Any two: a contender, or a machine, may be in the later ones alone.
  for (const [at, one] of parts.entries()) {
    for (const other of parts.slice(at + 1)) assertSameStudy(one, other);
  }
}

function assertOwnSeeds({ directory, results: { trials, configuration } }: StudyPart): void {
  const strange = trials.find(({ seed }) => !configuration.seeds.includes(seed));
  assertArgument(
    strange === undefined,
    `${directory} holds a trial of seed ${strange?.seed}, and its configuration has the seeds ${configuration.seeds.join(', ')}: it was changed. Run that part again.`,
  );
}

function assertSameStudy(one: StudyPart, other: StudyPart): void {
  const differences = differencesBetween(one.results, other.results);
  assertArgument(
    differences.length === 0,
    `${other.directory} is not of the same study as ${one.directory}: ${differences.join('; ')}. Merge what was run with the same options, on the same images and by the same versions; seeds and contenders may differ.`,
  );
}

function differencesBetween(left: BenchResults, right: BenchResults): string[] {
  return [
    ...imageDifferences(left, right),
    ...configurationDifferences(left, right),
    ...differing('dlcmp', left.command?.version, right.command?.version),
    ...nodeDifferences(left, right),
    ...machineDifferences(left, right),
    ...contenderDifferences(left, right),
  ];
}

function imageDifferences(left: BenchResults, right: BenchResults): string[] {
  if (sameImages(left.dataset, right.dataset)) return [];
  const [one, other] = [left, right].map(({ configuration: { seeds } }) => seeds[0]);
  const advice =
    one === other
      ? ''
      : ' (the first seed draws --limit’s images and the test images of a folder without a split: name one seed of a study by --shard, not by --seeds)';
  return [`the images are not the same${advice}`];
}

/** Where they lie, and under which name, is the machine's. */
function sameImages(left: BenchResults['dataset'], right: BenchResults['dataset']): boolean {
  const facts = ({ fingerprint, classNames, trainCount, testCount }: BenchResults['dataset']) => [
    ...[fingerprint, classNames, trainCount, testCount],
  ];
  return isDeepStrictEqual(facts(left), facts(right));
}

function configurationDifferences(left: BenchResults, right: BenchResults): string[] {
  const [one, other] = [left.configuration, right.configuration];
  const keys = Object.keys({ ...one, ...other }) as (keyof BenchConfiguration)[];
  return keys.flatMap((key) => {
    if (MAY_GROW.has(key)) return [];
    // Of a part in which no GPU takes part nobody knows what it would have been.
    if (key === 'tf32' && (one.tf32 === undefined || other.tf32 === undefined)) return [];
    const advice = key === 'threads' ? ' (name it by --threads where machines differ)' : '';
    return differing(key, one[key], other[key]).map((text) => text + advice);
  });
}

/** Node.js is the machine's. */
function nodeDifferences(left: BenchResults, right: BenchResults): string[] {
  const [one, other] = [left, right].map(({ machine, machines = [] }) =>
    [...new Set(distinctMachines([machine, ...machines]).map((each) => each.nodeVersion))].join(),
  );
  return differing('Node.js', one, other);
}

/** Two machines of one name would pass for one, as those cloned from one image do. */
function machineDifferences(left: BenchResults, right: BenchResults): string[] {
  const [one, other] = [left, right].map(({ machine, machines = [] }) =>
    distinctMachines([machine, ...machines]),
  ) as [MachineSummary[], MachineSummary[]];
  return other.flatMap(({ name, cpuModel }) => {
    const known = one.find((machine) => machine.name === name);
    if (!known) return [];
    return differing(`the machine ${name ?? 'without a name'}`, known.cpuModel, cpuModel).map(
      (text) => `${text} (name two machines by --machine)`,
    );
  });
}

/** Of contenders that both have: versions of all libraries, and who computes what. */
function contenderDifferences(left: BenchResults, right: BenchResults): string[] {
  const known = new Map(completedOf(left).map((trial) => [keyOf(trial), trial]));
  const differences = completedOf(right).flatMap((trial) => {
    const other = known.get(keyOf(trial));
    if (!other) return [];
    const name = trial.contender ?? keyOf(trial);
    const libraries = Object.keys({ ...other.versions, ...trial.versions });
    return [
      ...libraries.flatMap((library) =>
        differing(`${name}: ${library}`, other.versions[library], trial.versions[library]),
      ),
      ...differing(`${name}: who computes what`, other.computedBy, trial.computedBy),
    ];
  });
  return [...new Set(differences)];
}

function completedOf({ trials }: BenchResults): CompletedTrial[] {
  return trials.filter((trial) => trial.status === 'completed');
}

function keyOf({ adapter, backend }: CompletedTrial): string {
  return `${adapter}:${backend}`;
}

const LONGEST_VALUE = 60;

function differing(name: string, left: unknown, right: unknown): string[] {
  if (isDeepStrictEqual(left, right)) return [];
  const [one, other] = [left, right].map((value) =>
    value === undefined ? 'not given' : typeof value === 'string' ? value : JSON.stringify(value),
  ) as [string, string];
  const isLong = one.length > LONGEST_VALUE || other.length > LONGEST_VALUE;
  return [isLong ? `${name} differs` : `${name} is ${one} in the one and ${other} in the other`];
}
