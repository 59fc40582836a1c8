import { type BenchResults, collectWarnings } from '@dlcmp/bench-core';
import {
  answerOf,
  renderClassificationReport,
  renderStudyTable,
  timeToAccuracySentence,
  wrapWords,
} from '@dlcmp/report';
import { peerLines } from './peer-lines';

const COLUMNS = 80;
const YELLOW = '\u001b[33m';
const PLAIN = '\u001b[39m';

/** Prints a run to standard output: a report per model, the table, the answer, and what limits it. */
export function printResults(results: BenchResults): void {
  for (const trial of results.trials) {
    if (trial.status === 'completed') {
      print(`\n${trial.displayName}, ${trial.backend}, seed ${trial.seed}`);
      print(renderClassificationReport(trial));
    }
  }
  print(`\n${renderStudyTable(results)}\n`);
  for (const line of peerLines(results)) print(line);
  const { parityGate } = results;
  const { headline, margins } = answerOf(results);
  const reached = timeToAccuracySentence(results);
  for (const sentence of [headline, ...margins, ...(reached ? [reached] : [])]) paragraph(sentence);
  paragraph(`Parity gate: ${parityGate.status}. ${parityGate.reason}`);
  for (const { message, advice } of collectWarnings(results)) {
    paragraph(`Warning: ${message} ${advice}`, YELLOW);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A colour, on a terminal alone, only underlines what the words say. */
function paragraph(text: string, color?: string): void {
  const lines = wrapWords(text, COLUMNS).join('\n');
  print(color && process.stdout.hasColors?.() ? `${color}${lines}${PLAIN}` : lines);
}
