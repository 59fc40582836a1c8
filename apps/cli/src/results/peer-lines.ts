import {
  firstEpochSentence,
  nodeAgainstPythonTable,
  peerClocksSentence,
  type Report,
} from '@dlcmp/report';

/** Below the table where peers took part: Node.js against Python, and the peers' own clocks. */
export function peerLines(report: Report): string[] {
  const { columns, rows } = nodeAgainstPythonTable(report);
  const { peerClocks: clocks } = report;
  if (rows.length + clocks.length === 0) return [];
  const sentence = firstEpochSentence(report);
  return [
    ...(rows.length === 0 ? [] : ['Node.js against Python (time of the first / second):']),
    ...rows.map((row) => `  ${describeRow(row, columns)}`),
    ...clocks.map(peerClocksSentence),
    ...(sentence ? [sentence] : []),
  ];
}

function describeRow([pair = '', ...cells]: readonly string[], columns: readonly string[]): string {
  return `${pair}: ${cells.map((cell, index) => `${columns[index + 1]} ${cell}`).join(', ')}`;
}
