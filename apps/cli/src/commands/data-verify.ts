import { counted, printableName } from '@dlcmp/contract';
import { type DatasetReport, type DuplicateGroup, verifyDataset } from '@dlcmp/data';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { addLayoutOptions, type LayoutFlags } from '../options/layout-options';
import { DATA_DIRECTORY } from '../prepare/choose-dataset';
import { startProgress } from '../progress/progress-line';
import { describeSizes } from '../results/describe-sizes';

export function addDataVerifyCommand(data: Command): void {
  const command = data
    .command('verify')
    .summary('decode a data set and list what is wrong with it')
    .description(
      'Decodes every image and lists at once what is wrong: structure, files that cannot be read, JPEGs whose coded data show damage (not all damage shows there), and images that are there twice within a split or in both. Exits 1 where the data set cannot be used.',
    )
    .argument('[dir]', 'folder of the images', DATA_DIRECTORY);
  addLayoutOptions(command)
    .addHelpText('after', '\nExample:\n  $ dlcmp data verify data\n')
    .action(async (directory: string, layout: LayoutFlags) => {
      process.exitCode = await verify(directory, layout);
    });
}

async function verify(directory: string, layout: LayoutFlags): Promise<number> {
  const line = startProgress('Verifying');
  const report = await verifyDataset(directory, {
    ...layout,
    onProgress: (...counts) => line.update(...counts),
  });
  line.finish();
  process.stdout.write(`${describe(report).join('\n')}\n`);
  return report.problems.length === 0 ? EXIT.success : EXIT.failure;
}

function describe({ dataset, problems, duplicates, sizes }: DatasetReport): string[] {
  const { root, train, test, classNames, notes } = dataset;
  return [
    `${printableName(root)}: ${train.length} training and ${counted(test.length, 'test image')} of ${counted(classNames.length, 'class', 'classes')}.`,
    ...notes,
    ...(sizes ? [describeSizes(sizes)] : []),
    ...listing(
      problems.map(({ message }) => message),
      'problem',
    ),
    ...listing(
      duplicates.map(describeDuplicates),
      'group of images with the same pixels',
      'groups of images with the same pixels',
    ),
  ];
}

function listing(lines: readonly string[], what: string, plural = `${what}s`): string[] {
  return [
    lines.length === 0 ? `No ${plural}.` : `${counted(lines.length, what, plural)}:`,
    // A line each, whatever the names in it.
    ...lines.map((line) => `  ${printableName(line)}`),
  ];
}

function describeDuplicates({ files, acrossSplits, acrossClasses }: DuplicateGroup): string {
  const names = files.map(({ relativePath }) => relativePath).join(' = ');
  const leak = acrossSplits ? ' (in both splits: the test is not fair)' : '';
  const clash = acrossClasses ? ' (in two classes)' : '';
  return `${names}${leak}${clash}`;
}
