import { printableName } from '@dlcmp/contract';
import { COLORS, characterWidth, colorAt, FONT_SIZE } from './chart-style';
import { chartText, labelsByIndex } from './chart-text';
import { formatNumber } from './format-number';
import { type Chart, renderChartPng } from './render-chart';
import { wrapWords } from './wrap-words';

/** How many images of a class each split has. */
export interface ClassCount {
  readonly className: string;
  readonly train: number;
  readonly test: number;
}

export interface ClassDistribution {
  readonly title: string;
  /** Drawn from top to bottom in this order. */
  readonly counts: readonly ClassCount[];
}

const SPLITS = [
  { key: 'train', name: 'Training images' },
  { key: 'test', name: 'Test images' },
] as const;

const MARGIN = 32;
const HEADER_HEIGHT = 104;
const ROW_HEIGHT = 48;
const PLOT_WIDTH = 640;
/** For the figure beside the longest bar. */
const FIGURE_WIDTH = 64;
const LONGEST_NAME = 28;

/** Images per class and split as pairs of bars with their counts. */
export function renderClassDistributionPng(distribution: ClassDistribution): Promise<Uint8Array> {
  return renderChartPng(classDistributionChart(distribution));
}

function classDistributionChart({ title, counts }: ClassDistribution): Chart {
  const names = counts.map(({ className }) =>
    wrapWords(printableName(className, 2 * LONGEST_NAME), LONGEST_NAME),
  );
  const longestLine = Math.max(0, ...names.flat().map((line) => line.length));
  const left = MARGIN + Math.ceil(longestLine * characterWidth(FONT_SIZE.body)) + 12;
  return {
    width: left + PLOT_WIDTH + FIGURE_WIDTH + MARGIN,
    height: HEADER_HEIGHT + counts.length * ROW_HEIGHT + MARGIN,
    option: {
      title: {
        text: chartText([printableName(title)]),
        left: MARGIN,
        top: MARGIN,
        padding: 0,
        textStyle: { fontSize: FONT_SIZE.title, fontWeight: 600, color: COLORS.text },
      },
      legend: {
        left: MARGIN,
        top: MARGIN + 36,
        padding: 0,
        itemGap: 24,
        icon: 'rect',
        textStyle: { fontSize: FONT_SIZE.body, color: COLORS.text },
      },
      grid: {
        left,
        top: HEADER_HEIGHT,
        width: PLOT_WIDTH,
        height: counts.length * ROW_HEIGHT,
        outerBoundsMode: 'none',
      },
      yAxis: classAxis(names),
      xAxis: { type: 'value', show: false, min: 0 },
      series: SPLITS.map(({ key, name }, i) => ({
        type: 'bar',
        name,
        data: counts.map((count) => count[key]),
        itemStyle: { color: colorAt(i) },
        barGap: '10%',
        barCategoryGap: '30%',
        label: {
          show: true,
          position: 'right',
          fontSize: FONT_SIZE.label,
          color: COLORS.text,
          formatter: ({ value }: { value: unknown }) => formatNumber(Number(value)),
        },
      })),
    },
  };
}

function classAxis(names: readonly (readonly string[])[]) {
  return {
    type: 'category' as const,
    inverse: true,
    data: names.map((_, label) => String(label)),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: COLORS.axis } },
    axisLabel: {
      interval: 0,
      fontSize: FONT_SIZE.body,
      color: COLORS.text,
      formatter: labelsByIndex(names),
    },
  };
}
