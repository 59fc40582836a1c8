import {
  type ChangedFact,
  contenderTitle,
  METRICS,
  metricTitle,
  type RunComparison,
} from '@dlcmp/bench-core';
import { printableName } from '@dlcmp/contract';
import { renderTextTable } from '@dlcmp/report';

type Difference = RunComparison['differences'][number];

/** Every figure of every contender that two runs share, at most 80 columns wide. */
export function renderDifferences({ differences }: RunComparison): string {
  return renderTextTable(
    [
      { title: 'Framework', width: 26, align: 'left' },
      { title: 'Figure', width: 18, align: 'left' },
      { title: 'Change (95% interval)', width: 19, align: 'right' },
      { title: 'Verdict', width: 10, align: 'left' },
    ],
    differences.map((difference) => [
      `${contenderTitle(difference)}, seeds: ${difference.seeds}${difference.paired ? '' : ', not paired'}`,
      metricTitle(METRICS[difference.figure]),
      change(difference),
      difference.verdict,
    ]),
  );
}

function change({ figure, change, interval }: Difference): string {
  const isPoints = figure === 'accuracyPercent';
  const write = (value: number) =>
    isPoints ? `${value >= 0 ? '+' : ''}${value.toFixed(2)}` : `×${value.toFixed(3)}`;
  return interval
    ? `${write(change)}\n(${write(interval[0])} to ${write(interval[1])})`
    : write(change);
}

/** What two runs do not have in common, at most 80 columns wide. */
export function renderChangedFacts(changes: readonly ChangedFact[]): string {
  return renderTextTable(
    [
      { title: 'Changed', width: 20, align: 'left' },
      { title: 'earlier', width: 28, align: 'left' },
      { title: 'later', width: 28, align: 'left' },
    ],
    changes.map(({ name, before, after }) =>
      [name, before, after].map((text) => printableName(text)),
    ),
  );
}
