import { wrapWords } from './wrap-words';

/** A column of a text table. */
export interface TextColumn {
  readonly title: string;
  /** Characters; longer cells are wrapped. */
  readonly width: number;
  readonly align: 'left' | 'right';
}

const GAP = '  ';

/** Columns of text between rules, for a terminal. Cells may hold line breaks. */
export function renderTextTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
): string {
  const rule = '─'.repeat(tableWidth(columns));
  const titles = columns.map((column) => column.title);
  return [
    rule,
    ...renderRow(columns, titles),
    rule,
    ...rows.flatMap((row) => renderRow(columns, row)),
    rule,
  ].join('\n');
}

/** Characters from the first column's left edge to the last one's right edge. */
export function tableWidth(columns: readonly TextColumn[]): number {
  const content = columns.reduce((sum, column) => sum + column.width, 0);
  return content + GAP.length * (columns.length - 1);
}

function renderRow(columns: readonly TextColumn[], cells: readonly string[]): string[] {
  const wrapped = columns.map((column, i) => wrapWords(cells[i] ?? '', column.width));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map(({ width, align }, i) => {
        const text = wrapped[i]?.[line] ?? '';
        return align === 'left' ? text.padEnd(width) : text.padStart(width);
      })
      .join(GAP)
      .trimEnd(),
  );
}
