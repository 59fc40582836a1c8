import { Command } from 'commander';
import { addAbCommand } from './commands/ab';
import { addBenchCommand } from './commands/bench';
import { addCompareCommand } from './commands/compare';
import { addDataCommand } from './commands/data';
import { addDoctorCommand } from './commands/doctor';
import { addHistoryCommand } from './commands/history';
import { addInferCommand } from './commands/infer';
import { addMergeCommand } from './commands/merge';
import { addParityCommand } from './commands/parity';
import { addPeerCommand } from './commands/peer';
import { addPredictCommand } from './commands/predict';
import { addQuantizeCommand } from './commands/quantize';
import { addReportCommand } from './commands/report';
import { addSetupCommand } from './commands/setup';
import { addSiteCommand } from './commands/site';
import { addTrainCommand } from './commands/train';
import { addWeightsCommand } from './commands/weights';
import { readVersion } from './version';

/** The whole command line, ready to parse. */
export function createProgram(): Command {
  const program = new Command('dlcmp')
    .enablePositionalOptions()
    .description(
      'Compares deep-learning frameworks for image classification in Node.js: the same classifiers, the same images, measured alike.',
    )
    .version(readVersion())
    // A command may have an option of the same name as the program: setup has --version.
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for the options)');
  addBenchCommand(program);
  addTrainCommand(program);
  addPredictCommand(program);
  addInferCommand(program);
  addQuantizeCommand(program);
  addDataCommand(program);
  addWeightsCommand(program);
  addParityCommand(program);
  addPeerCommand(program);
  addReportCommand(program);
  addCompareCommand(program);
  addAbCommand(program);
  addHistoryCommand(program);
  addMergeCommand(program);
  addSiteCommand(program);
  addSetupCommand(program);
  addDoctorCommand(program);
  return program;
}
