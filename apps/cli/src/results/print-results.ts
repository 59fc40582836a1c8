import type { BenchResults } from '@dlcmp/bench-core';
import { renderClassificationReport, renderStudyTable } from '@dlcmp/bench-core/report';
import { peerLines } from './peer-lines';

/** Prints a run to standard output: a report per model, the table, and what a reader must know. */
export function printResults(results: BenchResults): void {
  for (const trial of results.trials) {
    if (trial.status === 'completed') {
      print(`\n${trial.displayName}, ${trial.backend}, seed ${trial.seed}`);
      print(renderClassificationReport(trial));
    }
  }
  print(`\n${renderStudyTable(results)}\n`);
  for (const remark of [...peerLines(results), ...remarks(results)]) print(remark);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What limits the table, beyond what it says itself. */
function remarks({ configuration, parityGate }: BenchResults): string[] {
  return [
    `Parity gate: ${parityGate.status}. ${parityGate.reason}`,
    ...(configuration.seeds.length === 1
      ? ['One seed: differences may be luck. Try --seeds 3.']
      : []),
  ];
}
