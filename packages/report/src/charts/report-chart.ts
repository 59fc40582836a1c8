import { contenderTitle, type TitledContender } from '@dlcmp/bench-core/results';
import type { Chart } from '../render-chart';

/** A chart with what stands about it: in a page as markup, in a file drawn. */
export interface ReportChart {
  /** Name of its files and of its place in a page: lower case, with hyphens. */
  readonly id: string;
  readonly title: string;
  /** How to read it, in a sentence or two. */
  readonly description: string;
  readonly legend: readonly LegendEntry[];
  readonly chart: Chart;
  /** The same figures for who cannot see the chart. */
  readonly table: ChartTable;
}

/** What a mark of a chart stands for. */
export interface LegendEntry {
  readonly name: string;
  /** Decides colour and symbol. */
  readonly index: number;
  /** A patch of colour, as in stacked bars, instead of the symbol. */
  readonly isPatch?: boolean;
}

export interface ChartTable {
  readonly columns: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
}

/** Colours and symbols are given to contenders in running order, the same in every chart. */
export function contenderLegend(contenders: readonly TitledContender[]): LegendEntry[] {
  return contenders.map((contender, index) => ({ name: contenderTitle(contender), index }));
}
