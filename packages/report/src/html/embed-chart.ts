import { printable } from '@dlcmp/contract';
import { COLORS, PALETTE } from '../chart-style';
import type { ReportChart } from '../charts/report-chart';
import { renderChartSvg } from '../render-chart';
import { html, Markup } from './markup';

/** Colour of a picture → the style sheet's variable, so that a chart follows dark and light. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ...PALETTE.map((color, i): [string, string] => [color, `--series-${i}`]),
  [COLORS.text, '--text'],
  [COLORS.mutedText, '--muted'],
  [COLORS.axis, '--axis'],
  [COLORS.gridLine, '--grid'],
  [COLORS.failure, '--failure'],
  ['#ffffff', '--surface'],
]);

/** `chart` as SVG to stand in a page: coloured by variables, without inline style. */
export async function embedChart({ id, title, chart }: ReportChart): Promise<Markup> {
  const svg = printable(await renderChartSvg(chart));
  const inner = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
  const { width, height } = chart;
  return html`<svg class="chart" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-text" viewBox="0 0 ${width} ${height}"><title>${title}</title>${new Markup(forPage(inner, id))}</svg>`;
}

function forPage(svg: string, id: string): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:ecmeta_\w+|pointer-events|class)="[^"]*"/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) => fontAttributes(style))
    .replace(/(?<=\b(?:id="|url\(#))zr\d+/g, id)
    .replace(/ (fill|stroke)="(#[0-9a-f]{3,6})"/gi, (whole, name: string, color: string) => {
      const variable = VARIABLES.get(color.toLowerCase());
      return variable ? ` ${name}="var(${variable})"` : whole;
    });
}

/** The page's policy allows no `style` attribute; what ECharts puts there, SVG has attributes for. */
function fontAttributes(style: string): string {
  const size = /font-size:\s*([\d.]+)/.exec(style)?.[1];
  const weight = /font-weight:\s*(\w+)/.exec(style)?.[1];
  return `${size ? ` font-size="${size}"` : ''}${weight ? ` font-weight="${weight}"` : ''}`;
}
