import { type DatasetReport, type DuplicateGroup, verifyDataset } from '@dlcmp/data';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { DATA_DIRECTORY } from '../prepare/choose-dataset';
import { startProgress } from '../progress/progress-line';
import { describeSizes } from '../results/describe-sizes';

export function addDataVerifyCommand(data: Command): void {
  data
    .command('verify')
    .summary('find everything that is wrong with a data set')
    .description(
      'Decodes every image and lists all problems at once: structure, bad files, and images that are there twice within a split or in both. Exits 1 where the data set cannot be used.',
    )
    .argument('[dir]', 'folder that holds the splits', DATA_DIRECTORY)
    .addHelpText('after', '\nExample:\n  $ dlcmp data verify data\n')
    .action(async (directory: string) => {
      process.exitCode = await verify(directory);
    });
}

async function verify(directory: string): Promise<number> {
  const line = startProgress('Verifying');
  const report = await verifyDataset(directory, {
    onProgress: (...counts) => line.update(...counts),
  });
  line.finish();
  process.stdout.write(`${describe(report).join('\n')}\n`);
  return report.problems.length === 0 ? EXIT.success : EXIT.failure;
}

function describe({ dataset, problems, duplicates, sizes }: DatasetReport): string[] {
  const { root, train, test, classNames } = dataset;
  return [
    `${root}: ${train.length} training and ${test.length} test images of ${classNames.length} classes.`,
    ...(sizes ? [describeSizes(sizes)] : []),
    ...listing(
      problems.map(({ message }) => message),
      'problems',
    ),
    ...listing(duplicates.map(describeDuplicates), 'groups of images with the same pixels'),
  ];
}

function listing(lines: readonly string[], what: string): string[] {
  return [
    lines.length === 0 ? `No ${what}.` : `${lines.length} ${what}:`,
    ...lines.map((line) => `  ${line}`),
  ];
}

function describeDuplicates({ files, acrossSplits, acrossClasses }: DuplicateGroup): string {
  const names = files.map(({ relativePath }) => relativePath).join(' = ');
  const leak = acrossSplits ? ' (in both splits: the test is not fair)' : '';
  const clash = acrossClasses ? ' (in two classes)' : '';
  return `${names}${leak}${clash}`;
}
