import { type Report, renderTextTable, soakSentence, soakTable } from '@dlcmp/report';

/** The soaks of a run as a table with its explanation; nothing where none was asked for. */
export function soakLines(report: Report): { readonly table: string; readonly sentence: string }[] {
  const { columns, rows } = soakTable(report);
  if (rows.length === 0) return [];
  const [name = '', ...figures] = columns;
  const table = renderTextTable(
    [
      { title: name, width: 20, align: 'left' },
      ...figures.map((title) => ({ title, width: 8, align: 'right' as const })),
    ],
    rows,
  );
  return [{ table, sentence: soakSentence(report) ?? 'No soak came to its end.' }];
}
