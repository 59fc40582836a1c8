import type { ClassQuality, Contender } from '@dlcmp/bench-core/results';
import { printableName } from '@dlcmp/contract';
import { COLORS, FONT_SIZE } from '../chart-style';
import { labelsByIndex } from '../chart-text';
import { formatNumber } from '../format-number';
import type { Report } from '../report';
import { wrapWords } from '../wrap-words';
import { contenderMarks, PLOT_WIDTH } from './plot';
import { contenderLegend, type ReportChart } from './report-chart';

type Score = 'precision' | 'recall' | 'f1';

const SCORES: readonly Score[] = ['precision', 'recall', 'f1'];
const ROW_HEIGHT = 32;
const FOOT = 52;
/** More rows than these are a table. */
const MOST_CLASSES = 40;
const LONGEST_LINE = 16;

/** F1 of every class, a mark for each contender; precision and recall stand in its table. */
export function classQualityChart({
  contenders,
  classNames,
  hasSpread,
}: Report): ReportChart | undefined {
  const scored = contenders
    .map((contender, index) => ({ contender, index, scores: meanScores(contender) }))
    .filter(({ scores }) => scores.length === classNames.length);
  if (scored.length === 0) return undefined;
  const legend = contenderLegend(contenders);
  const charted = classNames.slice(0, MOST_CLASSES);
  return {
    id: 'classes',
    title: 'Quality by class',
    description: `F1 of each class (harmonic mean of precision and recall)${hasSpread ? ', mean over seeds' : ''}.${charted.length < classNames.length ? ` The first ${MOST_CLASSES} of ${classNames.length} classes.` : ''}`,
    legend: scored.map(({ index }) => legend[index]!),
    chart: {
      width: PLOT_WIDTH,
      height: 16 + charted.length * ROW_HEIGHT + FOOT,
      option: {
        grid: { left: 120, right: 22, top: 16, bottom: FOOT, outerBoundsMode: 'none' },
        xAxis: scoreAxis(),
        yAxis: classAxis(charted),
        series: scored.map(({ index, scores }) =>
          contenderMarks(
            index,
            charted.map((_, label) => [scores[label]!.f1, label]),
          ),
        ),
      },
    },
    table: {
      columns: ['class', 'framework', ...SCORES],
      rows: classNames.flatMap((name, label) =>
        scored.map(({ contender, scores }) => [
          name,
          contender.title,
          ...SCORES.map((score) => formatNumber(scores[label]![score], 3)),
        ]),
      ),
    },
  };
}

function meanScores({ completed }: Contender): Record<Score, number>[] {
  const [first] = completed;
  if (!first) return [];
  return first.perClass.map((_, label) => {
    const mean = (score: keyof Pick<ClassQuality, Score>) =>
      completed.reduce((sum, trial) => sum + (trial.perClass[label]?.[score] ?? 0), 0) /
      completed.length;
    return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
  });
}

function scoreAxis() {
  return {
    type: 'value' as const,
    min: 0,
    max: 1,
    name: 'F1',
    nameLocation: 'middle' as const,
    nameGap: 32,
    nameTextStyle: { color: COLORS.mutedText, fontSize: FONT_SIZE.label },
    axisLabel: { color: COLORS.text, fontSize: FONT_SIZE.label },
    splitLine: { lineStyle: { color: COLORS.gridLine } },
  };
}

function classAxis(classNames: readonly string[]) {
  return {
    type: 'category' as const,
    inverse: true,
    data: classNames.map((_, label) => String(label)),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: COLORS.axis } },
    splitLine: { show: true, lineStyle: { color: COLORS.gridLine } },
    axisLabel: {
      interval: 0,
      color: COLORS.text,
      fontSize: FONT_SIZE.label,
      formatter: labelsByIndex(classNames.map(inTwoLines)),
    },
  };
}

function inTwoLines(name: string): string[] {
  return wrapWords(printableName(name, 2 * LONGEST_LINE), LONGEST_LINE).slice(0, 2);
}
