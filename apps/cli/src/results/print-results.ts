import { printable } from '@dlcmp/contract';
import {
  contenderTitle,
  type Report,
  renderClassificationReport,
  renderStudyTable,
  timeToAccuracySentence,
  wrapWords,
} from '@dlcmp/report';
import { peerLines } from './peer-lines';
import { scenarioLines } from './scenario-lines';

const COLUMNS = 80;
const YELLOW = '\u001b[33m';
const PLAIN = '\u001b[39m';

/** Prints a run to standard output: a report per model, the table, the answer, and what limits it. */
export function printResults(report: Report): void {
  const { results, warnings } = report;
  for (const trial of results.trials) {
    if (trial.status === 'completed') {
      print(`\n${contenderTitle(trial)}, seed ${trial.seed}`);
      print(renderClassificationReport(trial));
    }
  }
  print(`\n${renderStudyTable(report)}\n`);
  for (const line of peerLines(report)) print(line);
  for (const { title, table, sentence, commands = [] } of scenarioLines(report)) {
    print(`${title}\n${table}`);
    paragraph(sentence);
    if (commands.length > 0) print('What can be left out, in the folder above node_modules:');
    for (const command of commands) print(`  ${command}`);
  }
  const { parityGate } = results;
  const reached = timeToAccuracySentence(report);
  paragraph(`Parity gate: ${parityGate.status}. ${parityGate.reason}`);
  for (const { message, advice } of warnings) {
    paragraph(`Warning: ${message} ${advice}`, YELLOW);
  }
  if (reached) paragraph(reached);
  printAnswer(report.answer);
}

/** Last stands the one sentence to take home. */
function printAnswer({ headline, margins, conclusion }: Report['answer']): void {
  paragraph(headline);
  for (const sentence of margins.filter((margin) => margin !== conclusion)) paragraph(sentence);
  if (conclusion) paragraph(conclusion);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A colour, on a terminal alone, only underlines what the words say. */
function paragraph(text: string, color?: string): void {
  const lines = wrapWords(printable(text), COLUMNS).join('\n');
  print(color && process.stdout.hasColors?.() ? `${color}${lines}${PLAIN}` : lines);
}
