import { createSampleSet } from '@dlcmp/data';
import type { Command } from 'commander';
import { wholeNumber } from '../options/parse-values';
import { interruptSignal } from '../progress/interrupt-signal';
import { startProgress } from '../progress/progress-line';

interface SampleFlags {
  readonly out: string;
  readonly seed?: number;
  readonly train?: number;
  readonly test?: number;
}

export function addDataSampleCommand(data: Command): void {
  data
    .command('sample')
    .summary('draw the synthetic sample set into a folder')
    .description(
      'Draws six classes of scenes (buildings, forest, glacier, mountain, sea, street) as 150×150 JPEGs. They are drawn by a program, not photographed.',
    )
    .requiredOption('--out <DIR>', 'where the images go')
    .option('--seed <N>', 'decides every image', wholeNumber(0))
    .option('--train <N>', 'training images of each class', wholeNumber(1))
    .option('--test <N>', 'test images of each class', wholeNumber(1))
    .addHelpText('after', '\nExample:\n  $ dlcmp data sample --out scenes --train 100 --test 25\n')
    .action(drawSample);
}

async function drawSample({ out, seed, train, test }: SampleFlags): Promise<void> {
  const line = startProgress('Drawing');
  await createSampleSet({
    directory: out,
    ...(seed !== undefined && { seed }),
    ...(train !== undefined && { trainPerClass: train }),
    ...(test !== undefined && { testPerClass: test }),
    signal: interruptSignal(),
    onProgress: (completed, total) => line.update(completed, total),
  });
  line.finish();
  process.stdout.write(`Drawn into ${out}\n`);
}
