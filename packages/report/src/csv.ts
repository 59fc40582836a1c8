/**
 * A row of CSV as RFC 4180 has it: quotes doubled, CRLF at its end.
 *
 * Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break as a formula.
 * A cell that does so gets an apostrophe before it, as OWASP advises ("CSV injection"); a program that
 * reads the file back should drop it.
 */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvField).join(',')}\r\n`;
}

function csvField(value: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
