import { contenderTitle } from '@dlcmp/bench-core/results';
import { contenderLine, plot, timeAxis } from '../charts/plot';
import type { ReportChart } from '../charts/report-chart';
import { formatSignificant } from '../format-number';
import { chartFigure } from '../html/chart-figure';
import { html, type Markup } from '../html/markup';
import type { ReportedContender } from '../report';
import { describeTraining, machineName } from '../run-facts';
import { dateOf, type MachineStudy, type SitePage } from './site-studies';

/** One contender over time: a chart for each machine and each study that was repeated, since no other figures compare. */
export async function contenderPage({ title, studies }: SitePage): Promise<Markup> {
  const figures: Markup[] = [];
  for (const [id, history] of histories(studies).entries()) {
    figures.push(await chartFigure(historyChart(`history-${id + 1}`, title, history)));
  }
  return html`<header><p><a href="index.html">All machines</a></p><h1>${title}</h1>
<p class="subtitle">Each chart is of one machine, one data set and one configuration. Figures of two charts do not compare.</p></header>
<main><section><h2>Training time over studies</h2><div class="grid">${figures}</div></section></main>`;
}

/** Studies of the same machine, images and configuration, oldest first. */
function histories(studies: readonly MachineStudy[]): MachineStudy[][] {
  const groups = new Map<string, MachineStudy[]>();
  for (const study of studies) {
    const { configuration, dataset } = study.report.results;
    const { seeds: _, adapters: __, ...training } = configuration;
    const key = JSON.stringify([
      study.machine.name,
      study.machine.cpuModel,
      dataset.fingerprint,
      training,
    ]);
    groups.set(key, [study, ...(groups.get(key) ?? [])]);
  }
  return [...groups.values()];
}

function historyChart(id: string, title: string, studies: readonly MachineStudy[]): ReportChart {
  const [first] = studies as [MachineStudy];
  const trained = studies.map((study) => meansOf(study, title));
  const seconds = trained.map(({ training }) => training);
  const numbers = studies.map((_, at) => at + 1);
  const { results, datasetName } = first.report;
  return {
    id,
    title: `${datasetName} on ${machineName(first.machine)}`,
    description: `Mean training time of each study, in the order of their dates. ${describeTraining(results)}.`,
    legend: [],
    chart: plot({ name: 'study', values: numbers }, timeAxis('training time in s', seconds), [
      contenderLine(
        0,
        seconds.map((value, at) => [at, value]),
      ),
    ]),
    table: {
      columns: [
        'study',
        'date (UTC)',
        'seeds',
        'training (s)',
        'images a second',
        'accuracy (%)',
        'versions',
      ],
      rows: studies.map((study, at) => {
        const { training, rate, accuracy, seeds, versions } = trained[at]!;
        const figures = [training, rate, accuracy].map((value) => formatSignificant(value, 2));
        return [
          `${at + 1}: ${study.directory}`,
          dateOf(study),
          String(seeds),
          ...figures,
          versions,
        ];
      }),
    },
  };
}

function meansOf({ report }: MachineStudy, title: string) {
  const { figures, completed } = report.contenders.find(
    (contender) => contenderTitle(contender) === title,
  ) as ReportedContender;
  const versions = Object.entries(completed[0]?.versions ?? {}).map((pair) => pair.join(' '));
  const mean = (id: 'inferenceImagesPerSecond' | 'accuracyPercent') => figures?.[id].mean ?? 0;
  return {
    // In seconds, whatever unit fits the study.
    training: completed.reduce((sum, trial) => sum + trial.trainSeconds, 0) / completed.length,
    rate: mean('inferenceImagesPerSecond'),
    accuracy: mean('accuracyPercent'),
    seeds: completed.length,
    versions: versions.join(', '),
  };
}
