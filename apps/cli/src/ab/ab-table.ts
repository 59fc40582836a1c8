import {
  type CompletedTrial,
  metricTitle,
  SIDE_FIGURES,
  type SideComparison,
  type TrialResult,
} from '@dlcmp/bench-core';
import { printable } from '@dlcmp/contract';
import { renderTextTable } from '@dlcmp/report';

/** Every figure of every contender in both builds, and what follows, at most 80 columns wide. */
export function renderSides(
  rows: readonly SideComparison[],
  trials: readonly TrialResult[],
): string {
  const table = renderTextTable(
    [
      { title: 'Contender', width: 17, align: 'left' },
      { title: 'Figure', width: 21, align: 'left' },
      { title: 'Head against base', width: 14, align: 'right' },
      { title: 'Pairs', width: 5, align: 'right' },
      { title: 'Verdict', width: 10, align: 'left' },
    ],
    rows.map((row) => [
      row.contender,
      metricTitle(SIDE_FIGURES[row.figure]),
      describeChange(row),
      String(row.pairs),
      row.verdict,
    ]),
  );
  const errors = trials
    .filter((trial): trial is Exclude<TrialResult, CompletedTrial> => trial.status !== 'completed')
    .map(({ contender, seed, error }) => `${contender}, seed ${seed}: ${error.message}`);
  return printable([table, ...errors, conclusion(rows), ''].join('\n'));
}

function describeChange({ figure, change }: SideComparison): string {
  if (change === null) return '–';
  if (figure !== 'accuracyPercent') return `×${change.toFixed(3)}`;
  return `${change < 0 ? '' : '+'}${change.toFixed(2)} points`;
}

function conclusion(rows: readonly SideComparison[]): string {
  if (rows.some(isRegression)) return 'REGRESSION: head is worse than base.';
  if (rows.some(({ verdict }) => verdict === 'too-few-pairs'))
    return 'Too few pairs completed to decide.';
  const open = rows.some(({ verdict }) => verdict === 'undecided');
  const more = open ? ' More --seeds, or a quieter machine, may decide what is undecided.' : '';
  return `No regression beyond chance and bias.${more}`;
}

export function isRegression({ verdict }: SideComparison): boolean {
  return verdict === 'regression' || verdict === 'lost';
}
