import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { assertWritableFolder } from '@dlcmp/bench-core';
import { counted, printableName } from '@dlcmp/contract';
import { type DatasetSummary, exploreDataset, sampleThumbnails } from '@dlcmp/data';
import { renderClassDistributionPng, renderSampleGridPng } from '@dlcmp/report';
import type { Command } from 'commander';
import { addLayoutOptions, type LayoutFlags } from '../options/layout-options';
import { wholeNumber } from '../options/parse-values';
import { DATA_DIRECTORY } from '../prepare/choose-dataset';
import { startProgress } from '../progress/progress-line';
import { describeSizes } from '../results/describe-sizes';

interface ExploreFlags extends LayoutFlags {
  readonly out: string;
  readonly perClass: number;
  readonly seed: number;
}

export function addDataExploreCommand(data: Command): void {
  const command = data
    .command('explore')
    .summary('count a data set and draw samples of it')
    .description(
      'Prints the number of images of each class and split, and draws class-distribution.png and samples.png.',
    )
    .argument('[dir]', 'folder of the images', DATA_DIRECTORY);
  addLayoutOptions(command)
    .option('--out <DIR>', 'where the pictures go', 'results/explore')
    .option('--per-class <N>', 'sample images of each class', wholeNumber(1), 8)
    .option('--seed <N>', 'chooses the samples, and what --split holds back', wholeNumber(0), 1)
    .addHelpText('after', '\nExample:\n  $ dlcmp data explore data --out results/explore\n')
    .action(explore);
}

async function explore(directory: string, flags: ExploreFlags): Promise<void> {
  const { out, perClass, seed } = flags;
  await assertWritableFolder(out);
  const line = startProgress('Reading');
  const summary = await exploreDataset(directory, {
    ...flags,
    onProgress: (...counts) => line.update(...counts),
  });
  line.finish();
  process.stdout.write(`${describe(summary)}\n`);
  const { dataset, counts } = summary;
  const title = `${basename(resolve(directory))}${dataset.synthetic ? ' (synthetic)' : ''}`;
  const distribution = await renderClassDistributionPng({
    title: `${title}: images by class`,
    counts,
  });
  await writeFile(join(out, 'class-distribution.png'), distribution);
  const rows = await sampleThumbnails(dataset, { perClass, seed });
  const samples = await renderSampleGridPng({ title: `${title}: training images`, rows });
  await writeFile(join(out, 'samples.png'), samples);
  process.stdout.write(
    `Drawn: ${join(out, 'class-distribution.png')}, ${join(out, 'samples.png')}\n`,
  );
}

const CLASS_WIDTH = 14;
const COUNT_WIDTH = 8;

function describe({ dataset, counts, sizes, unreadableCount }: DatasetSummary): string {
  const row = (name: string, train: string | number, test: string | number) =>
    printableName(name, CLASS_WIDTH - 1).padEnd(CLASS_WIDTH) +
    `${train}`.padStart(COUNT_WIDTH) +
    `${test}`.padStart(COUNT_WIDTH);
  return [
    row('class', 'train', 'test'),
    ...counts.map(({ className, train, test }) => row(className, train, test)),
    row('all', dataset.train.length, dataset.test.length),
    ...dataset.notes,
    ...(sizes ? [describeSizes(sizes)] : []),
    ...(unreadableCount > 0
      ? [
          `${counted(unreadableCount, 'file is no readable image', 'files are no readable images')}: see "dlcmp data verify".`,
        ]
      : []),
    ...(dataset.synthetic
      ? ['The images are synthetic: drawn by a program, not photographed.']
      : []),
  ].join('\n');
}
