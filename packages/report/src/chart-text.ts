/** As many digits as a tick has, no more: 1,000, 20, 0.3, 0.005. */
export function tickLabel(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 6 });
}

/** Labels of a category axis by their place, so that names never become keys of the chart library. */
export function labelsByIndex(labels: readonly (readonly string[])[]) {
  return (_: unknown, index: number): string => chartText(labels[index] ?? []);
}

/**
 * Lines of text for the chart library, which keeps the widths of lines in a plain object: of a line that is
 * called as a property of every object (`__proto__`, `constructor`) it would take that for a width, and
 * spoil it for all. Such a line gets a space behind it.
 */
export function chartText(lines: readonly string[]): string {
  return lines.map((line) => (line in Object.prototype ? `${line} ` : line)).join('\n');
}
