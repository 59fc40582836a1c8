import {
  type BenchResults,
  contenderTitle,
  groupByContender,
  type MachineSummary,
  machineShares,
} from '@dlcmp/bench-core/results';
import { createReport, type Report } from '../report';
import { machineName } from '../run-facts';

/** What one machine ran of one study. */
export interface MachineStudy {
  readonly machine: MachineSummary;
  /** Where it came from. */
  readonly directory: string;
  readonly report: Report;
}

/** A page of the site. */
export interface SitePage {
  readonly title: string;
  /** Its file, beside the others. */
  readonly file: string;
  /** Latest first. */
  readonly studies: readonly MachineStudy[];
}

export interface SiteEntry {
  readonly directory: string;
  readonly results: BenchResults;
}

/** The machines of all entries, each with what it ran. */
export function machinePages(entries: readonly SiteEntry[]): SitePage[] {
  const studies = entries.flatMap(studiesOf).sort(latestFirst);
  const key = ({ machine }: MachineStudy) => `${machineName(machine)} · ${machine.cpuModel}`;
  return pagesBy('machine', studies, (study) => [key(study)]);
}

/** The contenders of all entries, each with the studies that it took part in. */
export function contenderPages(machines: readonly SitePage[]): SitePage[] {
  const studies = machines.flatMap((machine) => machine.studies);
  return pagesBy('contender', studies, ({ report }) =>
    groupByContender(report.results)
      .filter(({ completed }) => completed.length > 0)
      .map(contenderTitle),
  );
}

function studiesOf({ directory, results }: SiteEntry): MachineStudy[] {
  return machineShares(results).map(({ machine, trials }) => {
    const seeds = [...new Set(trials.map(({ seed }) => seed))];
    const configuration = { ...results.configuration, seeds };
    const own = { ...results, machine, machines: [machine], trials, configuration };
    return { machine, directory, report: createReport(own) };
  });
}

function pagesBy(
  kind: string,
  studies: readonly MachineStudy[],
  titlesOf: (study: MachineStudy) => readonly string[],
): SitePage[] {
  const titles = [...new Set(studies.flatMap(titlesOf))].sort();
  const files = titles.map((title) => `${kind}-${slug(title)}`);
  return titles.map((title, at) => {
    const same = files.slice(0, at).filter((file) => file === files[at]).length;
    return {
      title,
      file: `${files[at]}${same > 0 ? `-${same + 1}` : ''}.html`,
      studies: studies.filter((study) => titlesOf(study).includes(title)),
    };
  });
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
}

function latestFirst(left: MachineStudy, right: MachineStudy): number {
  return right.report.results.startedAt.localeCompare(left.report.results.startedAt);
}

/** `2026-01-31 23:59` in UTC. */
export function dateOf({ report }: MachineStudy): string {
  return report.results.startedAt.slice(0, 16).replace('T', ' ');
}
