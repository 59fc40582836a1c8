import type { BenchResults, TrialResult } from '@dlcmp/bench-core';
import { renderClassificationReport, renderStudyTable } from '@dlcmp/bench-core/report';

/** Prints a run to standard output: a report per model, the table, and what a reader must know. */
export function printResults(results: BenchResults): void {
  for (const trial of results.trials) {
    if (trial.status === 'completed') {
      print(`\n${trial.displayName}, ${trial.backend}, seed ${trial.seed}`);
      print(renderClassificationReport(trial));
    }
  }
  print(`\n${renderStudyTable(results)}\n`);
  for (const remark of remarks(results)) print(`* ${remark}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Everything that limits what the table says. */
function remarks({ dataset, configuration, parityGate, trials }: BenchResults): string[] {
  const { epochs, imageSize, forestImageSize, threads, seeds, track } = configuration;
  const images = `${dataset.trainCount} training and ${dataset.testCount} test images`;
  const sizes = `CNNs at ${imageSize}×${imageSize}, ${epochs} epochs; forest at ${forestImageSize}×${forestImageSize}`;
  return [
    `Data: ${dataset.name}, ${images}. ${sizes}. ${threads} threads. Track: ${track}.`,
    ...(dataset.synthetic
      ? ['The sample images are synthetic: drawn by a program, not photographed.']
      : []),
    ...(dataset.skipped.length > 0
      ? [`${dataset.skipped.length} unreadable images were left out; results.json lists them.`]
      : []),
    `Parity gate: ${parityGate.status}. ${parityGate.reason}`,
    ...(parityGate.status === 'failed' ? ['NOT COMPARABLE: nothing is ranked.'] : []),
    ...(seeds.length === 1 ? ['One seed: differences may be luck. Try --seeds 3.'] : []),
    ...trials.flatMap(trialRemarks),
  ];
}

function trialRemarks(trial: TrialResult): string[] {
  const name = `${trial.displayName}, seed ${trial.seed}`;
  if (trial.status !== 'completed') return [`${name} ${trial.status}: ${trial.error.message}`];
  return trial.notes.map((note) => `${name}: ${note}`);
}
