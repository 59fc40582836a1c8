import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  assertWritableFolder,
  createTrialJob,
  runInProcess,
  type TrialEvent,
  type TrialMeasurements,
} from '@dlcmp/bench-core';
import { assertArgument, printable } from '@dlcmp/contract';
import { formatSeconds, renderClassificationReport } from '@dlcmp/report';
import { type Command, Option } from 'commander';
import { ADAPTER_NAMES } from '../adapter-registry';
import { EXIT } from '../exit-codes';
import { addTrainingOptions, type TrainingFlags } from '../options/bench-options';
import { wholeNumber } from '../options/parse-values';
import { planBench } from '../prepare/plan-bench';
import { trialProgress } from '../progress/bench-progress';
import { interruptedStatus, interruptSignal } from '../progress/interrupt-signal';

interface TrainFlags extends TrainingFlags {
  readonly track: 'parity' | 'defaults';
  readonly seed: number;
  readonly out: string;
  readonly force?: boolean;
}

const EXAMPLES = `
Examples:
  $ dlcmp train onnx --data data --out models/scenes
  $ dlcmp train tfjs:stock --network mobilenet-v2 --image-size 96
  $ dlcmp train rf --limit 600 --out models/forest
  $ dlcmp predict --model models/scenes data/seg_pred
`;

export function addTrainCommand(program: Command): void {
  const command = program
    .command('train')
    .summary('train one model and save it')
    .description(
      'Trains one contender, prints its classification report on the test images, and saves the model to --out.',
    )
    .argument(
      '<contender>',
      `ADAPTER[:ENGINE][@DEVICE], the adapter one of ${ADAPTER_NAMES.join(', ')}`,
    );
  addTrainingOptions(command)
    .addOption(
      new Option('--track <parity|defaults>', "PyTorch's settings, or the framework's own")
        .choices(['parity', 'defaults'])
        .default('parity'),
    )
    .option('--seed <N>', 'decides every random choice', wholeNumber(0), 1)
    .option('--out <DIR>', 'where the model goes (default: models/CONTENDER)')
    .option('--force', 'replace the model that --out holds')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, flags: TrainFlags) => {
      const out = flags.out ?? `models/${name.replace(/[:@]/g, '-')}`;
      process.exitCode = await train(name, { ...flags, out });
    });
}

async function train(name: string, flags: TrainFlags): Promise<number> {
  const signal = interruptSignal();
  if (!flags.force) assertNoModel(flags.out);
  await assertWritableFolder(flags.out);
  const { plan, notes } = await planBench(
    { ...flags, contenders: [name], seeds: [flags.seed], repeats: 1 },
    signal,
  );
  const [selected] = plan.adapters;
  if (!selected) return EXIT.usage;
  for (const note of notes) process.stderr.write(`${note}\n`);
  const job = createTrialJob(plan, selected, flags.seed);
  const modelDirectory = resolve(flags.out);
  const progress = trialProgress(flags);
  const { answer } = await runInProcess(
    { ...job, plan: { ...job.plan, modelDirectory } },
    { threads: flags.threads, signal, onEvent: (event: TrialEvent) => progress.show(event) },
  );
  progress.finish();
  if ('error' in answer) {
    process.stderr.write(
      `${printable(`${answer.error.message}\n${answer.error.stderrTail}`).trimEnd()}\n`,
    );
    return signal.aborted ? interruptedStatus() : EXIT.failure;
  }
  report(answer.result, flags.out);
  return EXIT.success;
}

/** Hours of training are not replaced by a mistyped command. */
function assertNoModel(directory: string): void {
  assertArgument(
    !existsSync(join(directory, 'model.json')),
    `--out ${directory} holds a model. Choose another --out, or replace it by --force.`,
  );
}

function report(result: TrialMeasurements, directory: string): void {
  const lines = [
    renderClassificationReport(result),
    `Training ${formatSeconds(result.trainSeconds)} (${result.trainImagesPerSecond.toFixed(1)} images/s), test accuracy ${(result.accuracy * 100).toFixed(2)} %`,
    ...result.notes,
    `Saved to ${directory}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
