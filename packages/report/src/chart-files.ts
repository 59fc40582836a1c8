import { printable } from '@dlcmp/contract';
import { COLORS, characterWidth, colorAt, FONT_SIZE } from './chart-style';
import { reportCharts } from './charts';
import type { LegendEntry, ReportChart } from './charts/report-chart';
import { symbolPath } from './charts/symbols';
import { confusionPicture } from './confusion-picture';
import { FONT_FAMILY } from './fonts';
import { galleryPicture } from './gallery-picture';
import { escapeHtml } from './html/markup';
import type { ReportExtras } from './html/render-report-html';
import { importancePicture } from './importance-picture';
import { renderChartSvg } from './render-chart';
import { renderPng } from './render-png';
import type { Report } from './report';
import { wrapWords } from './wrap-words';

/** A chart as two files' contents. */
export interface ChartFiles {
  /** Without extension. */
  readonly name: string;
  readonly svg: string;
  readonly png: Uint8Array;
}

const MARGIN = 16;
const TITLE_HEIGHT = 30;
const LINE_HEIGHT = 18;
const MARK_WIDTH = 18;

/**
 * The report's pictures, one by one: its charts with title, legend and explanation, the confusion
 * matrices, and where `extras` has what they show, the gallery and the importance maps.
 */
export async function renderChartFiles(
  report: Report,
  { thumbnails = new Map(), importanceMaps = [] }: ReportExtras = {},
): Promise<ChartFiles[]> {
  const files: ChartFiles[] = [];
  for (const chart of reportCharts(report)) files.push(await renderFiles(chart));
  const pictures = {
    'confusion-matrices': confusionPicture(report),
    gallery: galleryPicture(report, thumbnails),
    importance: importancePicture(importanceMaps),
  };
  for (const [name, picture] of Object.entries(pictures)) {
    if (!picture) continue;
    files.push({
      name,
      svg: `${printable(picture.svg)}\n`,
      png: await renderPng(picture.svg, picture),
    });
  }
  return files;
}

async function renderFiles(chart: ReportChart): Promise<ChartFiles> {
  const { width, height } = chart.chart;
  const legend = legendLines(chart.legend, width);
  const description = wrapWords(
    chart.description,
    Math.floor(width / characterWidth(FONT_SIZE.label)),
  );
  const chartTop = MARGIN + TITLE_HEIGHT + legend.length * LINE_HEIGHT;
  const size = {
    width: width + 2 * MARGIN,
    height: chartTop + height + description.length * LINE_HEIGHT + MARGIN,
  };
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="${FONT_FAMILY}, sans-serif" fill="${COLORS.text}">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    text(chart.title, MARGIN, MARGIN + 14, `font-size="${FONT_SIZE.panelTitle}" font-weight="600"`),
    ...legend.flatMap((line, i) =>
      line.map((item) => legendItem(item, MARGIN + TITLE_HEIGHT + i * LINE_HEIGHT)),
    ),
    `<g transform="translate(${MARGIN} ${chartTop})">${await renderChartSvg(chart.chart)}</g>`,
    ...description.map((line, i) =>
      text(
        line,
        MARGIN,
        chartTop + height + (i + 1) * LINE_HEIGHT - 4,
        `font-size="${FONT_SIZE.label}" fill="${COLORS.mutedText}"`,
      ),
    ),
    '</svg>',
  ].join('\n');
  return { name: chart.id, svg: `${printable(svg)}\n`, png: await renderPng(svg, size) };
}

interface PlacedEntry extends LegendEntry {
  readonly left: number;
}

/** Breaks a legend into lines of `width` pixels. */
function legendLines(entries: readonly LegendEntry[], width: number): PlacedEntry[][] {
  const lines: PlacedEntry[][] = [];
  let left = width;
  for (const entry of entries) {
    const space = MARK_WIDTH + entry.name.length * characterWidth(FONT_SIZE.label) + 16;
    if (left + space > width) {
      lines.push([]);
      left = 0;
    }
    lines.at(-1)!.push({ ...entry, left: MARGIN + left });
    left += space;
  }
  return lines;
}

function legendItem(entry: PlacedEntry, top: number): string {
  const mark = `<path transform="translate(${entry.left} ${top})" fill="${colorAt(entry.index)}" d="${symbolPath(entry)}"/>`;
  return (
    mark + text(entry.name, entry.left + MARK_WIDTH, top + 10, `font-size="${FONT_SIZE.label}"`)
  );
}

function text(content: string, x: number, y: number, style: string): string {
  return `<text x="${x}" y="${y}" ${style}>${escapeHtml(content)}</text>`;
}
