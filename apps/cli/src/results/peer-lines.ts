import { type BenchResults, peerClocks } from '@dlcmp/bench-core';
import { firstEpochSentence, nodeAgainstPythonTable, peerClocksSentence } from '@dlcmp/report';

/** Below the table where peers took part: Node.js against Python, and the peers' own clocks. */
export function peerLines(results: BenchResults): string[] {
  const { columns, rows } = nodeAgainstPythonTable(results);
  const clocks = peerClocks(results);
  if (rows.length + clocks.length === 0) return [];
  const sentence = firstEpochSentence(results);
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
