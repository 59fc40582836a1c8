import { DlcmpError } from '@dlcmp/contract';

/**
 * The rows of a CSV file behind its header; cells may stand in quotes.
 *
 * @param columns how the header must begin
 * @throws `INVALID_FILE`
 */
export function readTable(path: string, text: string, columns: readonly string[]): string[][] {
  const [header = [], ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(cellsOf);
  if (columns.every((column, index) => header[index] === column)) return rows;
  throw new DlcmpError(
    'INVALID_FILE',
    `${path} begins with the columns ${header.slice(0, 4).join(', ')}, not with ${columns.join(', ')}. Name them so in its first line.`,
  );
}

/** Cells of a line; a quote inside quotes is doubled (RFC 4180). */
export function cellsOf(line: string): string[] {
  const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
  return cells
    .slice(0, line.endsWith(',') ? undefined : Math.max(1, cells.length - 1))
    .map((cell) => cell.replace(/,$/, ''))
    .map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}
