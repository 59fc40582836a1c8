import type { BarSeriesOption, CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type {
  GridComponentOption,
  LegendComponentOption,
  TitleComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { COLORS } from './chart-style';
import { FONT_FAMILY } from './fonts';
import { renderPng } from './render-png';

/** An ECharts option of the parts that dlcmp's charts are made of. */
export type ChartOption = ComposeOption<
  | BarSeriesOption
  | CustomSeriesOption
  | LineSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TitleComponentOption
>;

/** A chart and its size in nominal pixels. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly option: ChartOption;
}

/** Draws `chart` with ECharts. */
export async function renderChartPng(chart: Chart): Promise<Uint8Array> {
  return renderPng(await renderChartSvg(chart), chart);
}

/** `chart` as SVG text. */
export async function renderChartSvg({ width, height, option }: Chart): Promise<string> {
  const { init } = await loadEcharts();
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: FONT_FAMILY, color: COLORS.text },
      ...option,
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

async function loadEcharts() {
  const core = await import('echarts/core');
  const charts = await import('echarts/charts');
  const components = await import('echarts/components');
  const renderers = await import('echarts/renderers');
  core.use([
    charts.BarChart,
    charts.CustomChart,
    charts.LineChart,
    components.GridComponent,
    components.LegendComponent,
    components.TitleComponent,
    renderers.SVGRenderer,
  ]);
  return core;
}
