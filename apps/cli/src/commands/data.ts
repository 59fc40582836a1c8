import type { Command } from 'commander';
import { addDataCacheCommand } from './data-cache';
import { addDataDownloadCommand } from './data-download';
import { addDataExploreCommand } from './data-explore';
import { addDataSampleCommand } from './data-sample';
import { addDataVerifyCommand } from './data-verify';

export function addDataCommand(program: Command): void {
  const data = program
    .command('data')
    .summary('bring, draw, look at and check data sets')
    .description('Brings, draws, looks at and checks data sets.');
  addDataDownloadCommand(data);
  addDataSampleCommand(data);
  addDataExploreCommand(data);
  addDataVerifyCommand(data);
  addDataCacheCommand(data);
}
