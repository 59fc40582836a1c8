import { allowedCores, mostProbableClasses } from '@dlcmp/bench-core';
import { bytesPerImage, printableName } from '@dlcmp/contract';
import { loadUnlabelled } from '@dlcmp/data';
import { type Command, Option } from 'commander';
import { EXIT } from '../exit-codes';
import { nameList, threadCount, wholeNumber } from '../options/parse-values';
import {
  type OpenModel,
  openModel,
  PIXEL_RANGES,
  type SavedModelFlags,
} from '../prepare/open-model';
import { startProgress } from '../progress/progress-line';
import {
  PREDICTION_FORMATS,
  type Prediction,
  type PredictionFormat,
} from '../results/prediction-formats';

interface PredictFlags extends SavedModelFlags {
  readonly model: string;
  readonly format: PredictionFormat;
  readonly onBadImage: 'fail' | 'skip';
  readonly quiet?: boolean | undefined;
}

const EXAMPLES = `
Examples:
  $ dlcmp predict --model models/scenes data/seg_pred
  $ dlcmp predict --model models/scenes --format csv one.jpg two.png > predictions.csv
  $ dlcmp predict --model exported-by-keras --class-names cat,dog --pixel-range 0-1 photos
`;

export function addPredictCommand(program: Command): void {
  program
    .command('predict')
    .summary('classify images with a saved model')
    .description(
      'Classifies images, or folders of images, with a model that "train" or "bench" saved, or with a SavedModel of Keras or TensorFlow (on native TensorFlow).',
    )
    .argument('<path...>', 'images, or folders of images such as seg_pred')
    .requiredOption(
      '--model <DIR>',
      'folder of the saved model, or of a Keras or TensorFlow SavedModel',
    )
    .addOption(
      new Option('--format <table|csv|json>', 'how to print')
        .choices(Object.keys(PREDICTION_FORMATS))
        .default('table'),
    )
    .option(
      '--contender <NAME>',
      'ADAPTER[:ENGINE][@DEVICE] to run on (default: the adapter that saved it, its first engine)',
    )
    .option('--threads <N>', 'threads the framework may use', threadCount, allowedCores())
    .addOption(
      new Option('--on-bad-image <fail|skip>', 'what to do with an image that cannot be read')
        .choices(['fail', 'skip'])
        .default('fail'),
    )
    .option(
      '--class-names <NAMES>',
      "SavedModels: names of the classes, in the order of the model's outputs, with commas between",
      nameList,
    )
    .addOption(
      new Option('--pixel-range <RANGE>', 'SavedModels: what the model expects of its pixels')
        .choices(PIXEL_RANGES)
        .default('0-255'),
    )
    .option(
      '--image-size <PIXELS>',
      'SavedModels: side of the images, where the model takes any',
      wholeNumber(1),
    )
    .option('--logits', 'SavedModels: the outputs are scores, not probabilities')
    .option('--quiet', 'no progress')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: PredictFlags) => {
      process.exitCode = await predict(paths, flags);
    });
}

async function predict(paths: readonly string[], flags: PredictFlags): Promise<number> {
  const { onBadImage, quiet } = flags;
  const model = await openModel(flags.model, flags);
  try {
    const decoding = startProgress('Decoding', { quiet });
    const images = await loadUnlabelled(paths, {
      height: model.inputHeight,
      width: model.inputWidth,
      onBadImage,
      onProgress: ({ completed, total }) => decoding.update(completed, total),
    });
    decoding.finish();
    const probabilities = await predictAll(model, images.pixels, images.count, quiet);
    const predictions = toPredictions(
      images.files.map(({ path }) => path),
      probabilities,
      model.classNames,
    );
    process.stdout.write(PREDICTION_FORMATS[flags.format](predictions, model.classNames));
    for (const { path, reason } of images.skipped)
      process.stderr.write(`left out: ${printableName(`${path} ${reason}`)}\n`);
    return EXIT.success;
  } finally {
    await model.dispose();
  }
}

/** Images asked for between two steps of the progress bar. */
const CHUNK = 64;

async function predictAll(
  model: OpenModel,
  pixels: Uint8Array,
  count: number,
  quiet: boolean | undefined,
): Promise<Float32Array[]> {
  const line = startProgress('Predicting', { quiet });
  const bytes = bytesPerImage(model);
  const parts: Float32Array[] = [];
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(start + CHUNK, count);
    parts.push(await model.predict(pixels.subarray(start * bytes, end * bytes), end - start));
    line.update(end, count);
  }
  line.finish();
  return parts;
}

function toPredictions(
  paths: readonly string[],
  parts: readonly Float32Array[],
  classNames: readonly string[],
): Prediction[] {
  const rows = parts.flatMap((part) =>
    mostProbableClasses(part, classNames.length).map((label, row) => ({
      label,
      probabilities: part.subarray(row * classNames.length, (row + 1) * classNames.length),
    })),
  );
  return rows.map(({ label, probabilities }, index) => ({
    path: paths[index] as string,
    className: classNames[label] as string,
    probability: probabilities[label] as number,
    probabilities: Array.from(probabilities),
  }));
}
