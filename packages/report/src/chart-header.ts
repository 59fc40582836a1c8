import type { TitleComponentOption } from 'echarts/components';
import { COLORS, characterWidth, FONT_SIZE } from './chart-style';
import { chartText } from './chart-text';
import type { Report } from './report';
import {
  describeDataset,
  describeMachine,
  describeTraining,
  incomparableWarning,
  reportTitle,
} from './run-facts';
import { wrapWords } from './wrap-words';

/** Where a header lies in its chart, in pixels. */
export interface HeaderBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** Titles of an ECharts option and how far down they reach. */
export interface ChartHeader {
  readonly titles: readonly TitleComponentOption[];
  /** From the top of the chart, in pixels. */
  readonly bottom: number;
}

const TITLE_LINE_HEIGHT = 30;
const LINE_HEIGHT = 20;
const SPACE = 8;
const WARNING_PADDING = 10;

/** What ran, on what, how and where, and what came of it in a sentence; and the warning where the figures may not be compared. */
export function chartHeader(report: Report, { left, top, width }: HeaderBox): ChartHeader {
  const { results, datasetName, answer } = report;
  const title = wrap(reportTitle(datasetName), width, FONT_SIZE.title);
  const facts = [
    ...[describeDataset, describeTraining, describeMachine].map((describe) => describe(results)),
    ...(answer.conclusion ? [answer.conclusion] : []),
  ].flatMap((fact) => wrap(fact, width, FONT_SIZE.body));
  const factsTop = top + title.length * TITLE_LINE_HEIGHT + SPACE;
  const factsBottom = factsTop + facts.length * LINE_HEIGHT;
  const titles = [headline(title, left, top), factLines(facts, left, factsTop)];
  const warning = incomparableWarning(report);
  if (!warning) return { titles, bottom: factsBottom };

  const innerWidth = width - 2 * WARNING_PADDING;
  const lines = wrap(warning, innerWidth, FONT_SIZE.body);
  const warningTop = factsBottom + 2 * SPACE;
  return {
    titles: [...titles, warningBanner(lines, left, warningTop, innerWidth)],
    bottom: warningTop + lines.length * LINE_HEIGHT + 2 * WARNING_PADDING,
  };
}

function wrap(text: string, width: number, fontSize: number): string[] {
  return wrapWords(text, Math.floor(width / characterWidth(fontSize)));
}

function headline(lines: readonly string[], left: number, top: number): TitleComponentOption {
  return {
    text: chartText(lines),
    left,
    top,
    padding: 0,
    textStyle: {
      fontSize: FONT_SIZE.title,
      fontWeight: 600,
      lineHeight: TITLE_LINE_HEIGHT,
      color: COLORS.text,
    },
  };
}

function factLines(lines: readonly string[], left: number, top: number): TitleComponentOption {
  return {
    text: chartText(lines),
    left,
    top,
    padding: 0,
    textStyle: {
      fontSize: FONT_SIZE.body,
      fontWeight: 400,
      lineHeight: LINE_HEIGHT,
      color: COLORS.mutedText,
    },
  };
}

/** @param innerWidth of the lines; ECharts' own estimate would leave the box too narrow */
function warningBanner(
  lines: readonly string[],
  left: number,
  top: number,
  innerWidth: number,
): TitleComponentOption {
  return {
    text: chartText(lines),
    left,
    top,
    padding: WARNING_PADDING,
    borderRadius: 4,
    backgroundColor: COLORS.failureBackground,
    textStyle: {
      fontSize: FONT_SIZE.body,
      fontWeight: 600,
      lineHeight: LINE_HEIGHT,
      width: innerWidth,
      color: COLORS.failure,
    },
  };
}
