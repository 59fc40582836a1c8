import type { CompletedTrial } from '@dlcmp/bench-core/results';
import { COLORS, colorAt, FONT_SIZE } from '../chart-style';
import { labelsByIndex } from '../chart-text';
import { formatSignificant } from '../format-number';
import type { Report, ReportedContender } from '../report';
import { wrapWords } from '../wrap-words';
import { PLOT_WIDTH } from './plot';
import type { ReportChart } from './report-chart';

const PHASES: readonly { name: string; seconds: (trial: CompletedTrial) => number }[] = [
  {
    name: 'import and create',
    seconds: ({ phases }) => phases.importSeconds + phases.createSeconds,
  },
  { name: 'read data', seconds: ({ phases }) => phases.dataSeconds },
  { name: 'train', seconds: ({ trainSeconds }) => trainSeconds },
  { name: 'evaluate between epochs', seconds: ({ phases }) => phases.evaluationSeconds },
  { name: 'inference', seconds: ({ inferenceSeconds }) => inferenceSeconds },
  { name: 'save', seconds: ({ phases }) => phases.saveSeconds },
];

const REST = 'start, end and the rest';
const ROW_HEIGHT = 56;
const FOOT = 52;

/** Where each contender's time went, from spawning its process to its exit. */
export function phasesChart(report: Report): ReportChart | undefined {
  const contenders = report.contenders.filter(({ completed }) => completed.length > 0);
  if (contenders.length === 0) return undefined;
  const names = [...PHASES.map(({ name }) => name), REST];
  const seconds = contenders.map(meanPhases);
  return {
    id: 'phases',
    title: 'Where the time went',
    description: `Seconds of each phase${report.hasSpread ? ', mean over seeds' : ''}, from the start of the process to its end, the latency and throughput scenarios left out.`,
    legend: names.map((name, index) => ({ name, index, isPatch: true })),
    chart: {
      width: PLOT_WIDTH,
      height: 16 + contenders.length * ROW_HEIGHT + FOOT,
      option: {
        grid: { left: 120, right: 22, top: 16, bottom: FOOT, outerBoundsMode: 'none' },
        xAxis: secondsAxis(),
        yAxis: contenderAxis(contenders),
        series: names.map((_, phase) => ({
          type: 'bar',
          stack: 'phases',
          silent: true,
          barMaxWidth: 28,
          itemStyle: { color: colorAt(phase) },
          data: seconds.map((row) => row[phase]!),
        })),
      },
    },
    table: {
      columns: ['framework', ...names.map((name) => `${name} (s)`)],
      rows: contenders.map((contender, row) => [
        contender.title,
        ...seconds[row]!.map((value) => formatSignificant(value, 2)),
      ]),
    },
  };
}

/** Seconds of each of {@link PHASES}, then of the rest. */
function meanPhases({ completed }: ReportedContender): number[] {
  const mean = (value: (trial: CompletedTrial) => number) =>
    completed.reduce((sum, trial) => sum + value(trial), 0) / completed.length;
  const known = PHASES.map(({ seconds }) => mean(seconds));
  const total = mean(({ totalSeconds }) => totalSeconds);
  return [...known, Math.max(0, total - known.reduce((sum, value) => sum + value, 0))];
}

function secondsAxis() {
  return {
    type: 'value' as const,
    min: 0,
    name: 'seconds',
    nameLocation: 'middle' as const,
    nameGap: 32,
    nameTextStyle: { color: COLORS.mutedText, fontSize: FONT_SIZE.label },
    axisLabel: { color: COLORS.text, fontSize: FONT_SIZE.label },
    splitLine: { lineStyle: { color: COLORS.gridLine } },
  };
}

function contenderAxis(contenders: readonly ReportedContender[]) {
  return {
    type: 'category' as const,
    inverse: true,
    data: contenders.map(({ key }) => key),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: COLORS.axis } },
    axisLabel: {
      interval: 0,
      color: COLORS.text,
      fontSize: FONT_SIZE.label,
      lineHeight: 15,
      formatter: labelsByIndex(contenders.map(({ title }) => wrapWords(title, 16).slice(0, 3))),
    },
  };
}
