import type { DeploymentMeasurement, InstallCard, MedianInterval } from '@dlcmp/bench-core/results';
import type { ChartTable } from './charts/report-chart';
import { formatNumber, formatSignificant } from './format-number';
import type { Report, ReportedContender } from './report';

const MEBIBYTE = 2 ** 20;

export type MeasuredDeployment = { readonly status: 'completed' } & DeploymentMeasurement;

/** A contender's deployment, where it was measured to the end. */
export function deploymentOf(contender: ReportedContender): MeasuredDeployment | undefined {
  const outcome = outcomeOf(contender);
  return outcome?.status === 'completed' ? outcome : undefined;
}

/** Sizes, cold start and memory: a row for each contender whose deployment was asked for. */
export function deploymentTable({ contenders }: Report): ChartTable {
  const [measured] = contenders.flatMap((contender) => deploymentOf(contender) ?? []);
  return {
    columns: [
      ...['framework', 'install (MiB)', 'pruned (MiB)', 'native (MiB)'],
      ...['cold start (s)', 'at rest (MiB)', 'after 1 (MiB)'],
      `after ${formatNumber(measured?.memory.requests ?? 0)} (MiB)`,
    ],
    rows: contenders.flatMap((contender) => {
      const outcome = outcomeOf(contender);
      return outcome ? [[contender.title, ...cells(outcome)]] : [];
    }),
  };
}

/** What the table is of, for whoever reads it; undefined where nothing was measured. */
export function deploymentSentence({ contenders }: Report): string | undefined {
  const [measured] = contenders.flatMap((contender) => deploymentOf(contender) ?? []);
  if (!measured) return undefined;
  const { coldStart, memory } = measured;
  return `Install: bytes of all files that npm installs here; pruned: without binaries of other platforms and source maps; native: a library that a command of its own brings. Cold start: import, load and first answer in ${coldStart.processes} new processes with all files in the system's cache, median and 95% interval; Node.js' own start comes before. Resident memory of the process with the model loaded, after one and after ${formatNumber(memory.requests)} requests.`;
}

/** Where contenders run: no rows where no deployment was measured. */
export function environmentsTable({ contenders }: Report): ChartTable {
  const cards = contenders.flatMap((contender) => {
    const install = deploymentOf(contender)?.install;
    return install ? [{ title: contender.title, install }] : [];
  });
  const names = new Set(
    cards.flatMap(({ install }) => install.environments.map(({ environment }) => environment)),
  );
  return {
    columns: ['framework', ...names],
    rows: cards.map(({ title, install }) => [
      title,
      ...[...names].map((name) => supportIn(name, install)),
    ]),
  };
}

/**
 * What {@link environmentsTable} says.
 *
 * @param reasons where the reader finds them, besides results.json
 */
export function environmentsSentence(reasons: string): string {
  return `Where it runs, from what is known; untried: it should, and this project has not run it. Without scripts: where npm may run no package's install script. Reasons and sources stand in ${reasons} and in results.json.`;
}

/** Commands that leave out what can be, the same for all contenders of a machine; none where no deployment was measured. */
export function pruneCommands({ contenders }: Report): readonly string[] {
  const [card] = contenders.flatMap((contender) => deploymentOf(contender)?.install ?? []);
  return card?.commands ?? [];
}

function outcomeOf({ completed }: ReportedContender) {
  return completed.flatMap(({ deployment }) => deployment ?? [])[0];
}

function supportIn(name: string, { environments }: InstallCard): string {
  return environments.find(({ environment }) => environment === name)?.runs ?? '';
}

function cells(outcome: NonNullable<ReturnType<typeof outcomeOf>>): string[] {
  if (outcome.status === 'failed') return [`failed (${outcome.error.code})`];
  const { install, coldStart, memory } = outcome;
  return [
    ...sizes(install),
    describeInterval(coldStart.totalSeconds),
    ...[memory.atRestBytes, memory.afterFirstBytes, memory.afterRequestsBytes].map(mebibytes),
  ];
}

function sizes(install: InstallCard | undefined): string[] {
  if (!install) return ['not by npm', 'not by npm', 'not counted'];
  const { bytes, pruned, platform, native } = install;
  const kept = pruned.find((each) => each.platform === platform);
  return [
    mebibytes(bytes),
    kept ? mebibytes(kept.bytes) : '–',
    native === undefined ? 'none' : native === null ? 'not counted' : mebibytes(native.bytes),
  ];
}

function mebibytes(bytes: number): string {
  return formatNumber(bytes / MEBIBYTE, 1);
}

/** `0.42 [0.40, 0.47]` */
export function describeInterval({ median, low, high }: MedianInterval): string {
  const figure = (seconds: number) => formatSignificant(seconds, 2);
  return low === null || high === null
    ? figure(median)
    : `${figure(median)} [${figure(low)}, ${figure(high)}]`;
}
