import type { ReportedContender } from './report';

/** A sentence on who computes a contender: the framework alone, or which parts dlcmp does. */
export interface WhatComputes {
  readonly title: string;
  readonly sentence: string;
}

/** Of each contender whose adapter says so, in the table's order. */
export function whatComputes(contenders: readonly ReportedContender[]): WhatComputes[] {
  return contenders.flatMap(({ title, completed: [trial] }) =>
    trial?.computedBy && trial.division
      ? [{ title, sentence: sentenceOf(trial.division, trial.computedBy) }]
      : [],
  );
}

/** What computes a contender, to stand behind "computes"; undefined where its adapter does not say. */
export function computedBySentence({
  completed: [trial],
}: Pick<ReportedContender, 'completed'>): string | undefined {
  return trial?.computedBy && trial.division && sentenceOf(trial.division, trial.computedBy);
}

type Parts = NonNullable<ReportedContender['completed'][number]['computedBy']>;

function sentenceOf(division: 'as-published' | 'with-kernels', parts: Parts): string {
  if (division === 'as-published') return "as published: every operator is the framework's own";
  const ours = parts.filter(({ by }) => by === 'dlcmp').map(({ part }) => part);
  const theirs = parts.filter(({ by }) => by === 'framework').map(({ part }) => part);
  const rest = theirs.length > 0 ? `; by the framework: ${theirs.join(', ')}` : '';
  return `in the division with kernels of dlcmp (by dlcmp: ${ours.join(', ')}${rest})`;
}
