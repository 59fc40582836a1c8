import {
  type BenchResults,
  contenderTitle,
  type MachineSummary,
  machineShares,
} from '@dlcmp/bench-core/results';
import { formatNumber } from '../format-number';
import type { Report } from '../report';
import { describeDataset, describeTraining, machineName } from '../run-facts';
import { whatComputes } from '../what-computes';
import { html, type Markup } from './markup';

type Fact = readonly [name: string, value: string];

/** Everything about the run that may mislead, and what to do about it. */
export function warningsSection({ warnings }: Report): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<section class="warnings"><h2>Read this first</h2><ul>${warnings.map(
    ({ message, advice }) => html`<li>${message} <em>${advice}</em></li>`,
  )}</ul></section>`;
}

/** Trials that gave no figures, with their errors, and what adapters remarked. */
export function remarksSection({ results: { trials }, contenders }: Report): Markup | undefined {
  const errors = trials.flatMap((trial) =>
    trial.status === 'completed'
      ? []
      : [
          html`<li><b>${contenderTitle(trial)}, seed ${trial.seed}, ${trial.status}</b> (${trial.error.code}): ${trial.error.message}</li>`,
        ],
  );
  const missing = contenders
    .filter(({ missingSeeds }) => missingSeeds.length > 0)
    .map(
      ({ title, missingSeeds }) =>
        html`<li><b>${title}, ${missingSeeds.length === 1 ? 'seed' : 'seeds'} ${missingSeeds.join(', ')}</b>: not run, as the run was broken off before.</li>`,
    );
  const notes = trials.flatMap((trial) =>
    trial.status === 'completed'
      ? trial.notes.map((note) => `${contenderTitle(trial)}: ${note}`)
      : [],
  );
  if (errors.length + missing.length + notes.length === 0) return undefined;
  const remarks = [...new Set(notes)].map((note) => html`<li>${note}</li>`);
  return html`<section><h2>Failures and remarks</h2><ul>${missing}${errors}${remarks}</ul></section>`;
}

const METHOD =
  'Every trial ran in a process of its own. Times are wall-clock, of a monotonic clock; training leaves out the evaluation between epochs.';

const METHOD_OVER_SEEDS =
  'Trials of the adapters were interleaved, their order rotated with the seed. Intervals are 95% t-intervals over seeds; adapters are compared by paired ratios of times and paired differences of accuracy over the same seeds, corrected for the number of pairs and figures (Benjamini and Hochberg). A winner is named only where the interval excludes “no difference” and the correction leaves a chance below 3.5%.';

/** How it was measured, on what, and with which versions. */
export function factsSection(report: Report): Markup {
  const { results, datasetName } = report;
  return html`<section><h2>Method</h2>
<p>${METHOD}${results.configuration.seeds.length > 1 ? ` ${METHOD_OVER_SEEDS}` : ''}</p>
<p>Parity gate: ${results.parityGate.status}. ${results.parityGate.reason}</p>
${factList([
  ['Data set', `${datasetName}: ${describeDataset(results)}`],
  ['Fingerprint', results.dataset.fingerprint],
  ['Training', describeTraining(results)],
  ['Started', results.startedAt],
])}</section>
${computesSection(report)}${machinesSection(results)}
<section><h2>Versions</h2>${factList(versionFacts(report))}</section>`;
}

/** Who computes each contender: its division, and part by part where the adapter says. */
function computesSection({ contenders }: Report): Markup | string {
  const facts = whatComputes(contenders).map(({ title, sentence }): Fact => [title, sentence]);
  return facts.length === 0
    ? ''
    : html`<section><h2>What computes</h2>${factList(facts)}</section>`;
}

function machinesSection(results: BenchResults): readonly Markup[] {
  const machines = machineShares(results).map(({ machine }) => machine);
  return machines.map((machine) => {
    const title = machines.length === 1 ? 'Machine' : `Machine ${machineName(machine)}`;
    return html`<section><h2>${title}</h2>${factList(machineFacts(machine, results))}</section>`;
  });
}

function machineFacts(machine: MachineSummary, { configuration }: BenchResults): Fact[] {
  return [
    ['Processor', machine.cpuModel],
    ['Vector extensions', machine.cpuFlags.join(', ') || 'none known'],
    ['Cores allowed', `${machine.coresAllowed}, threads used ${configuration.threads}`],
    ['Memory', `${formatNumber(machine.memoryBytes / 2 ** 30, 1)} GiB`],
    ['GPU', machine.gpus.join(', ') || 'none'],
    ['System', machine.os],
  ];
}

function versionFacts({ results, contenders }: Report): Fact[] {
  const ofContenders = contenders.flatMap(({ title, completed }): Fact[] => {
    const [trial] = completed;
    if (!trial) return [];
    const versions = Object.entries(trial.versions).map(([name, version]) => `${name} ${version}`);
    return [[title, `${versions.join(', ')}; ${trial.device}`]];
  });
  return [['Node.js', results.machine.nodeVersion], ...ofContenders];
}

function factList(facts: readonly Fact[]): Markup {
  return html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
