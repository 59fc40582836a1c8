import { allowedCores, mostProbableClasses } from '@dlcmp/bench-core';
import { bytesPerImage, printableName } from '@dlcmp/contract';
import { loadUnlabelled } from '@dlcmp/data';
import { type Command, Option } from 'commander';
import { EXIT } from '../exit-codes';
import { addModelOptions, type ModelFlags, modelOptionsOf } from '../options/model-options';
import { threadCount } from '../options/parse-values';
import { type OpenModel, openModel } from '../prepare/open-model';
import { startProgress } from '../progress/progress-line';
import { MULTI_LABEL_FORMATS, toLabelledImages } from '../results/multi-label-formats';
import {
  PREDICTION_FORMATS,
  type Prediction,
  type PredictionFormat,
} from '../results/prediction-formats';

interface PredictFlags extends ModelFlags {
  readonly model: string;
  readonly contender?: string;
  readonly threads: number;
  readonly format: PredictionFormat;
  readonly onBadImage: 'fail' | 'skip';
  readonly quiet?: boolean | undefined;
}

const EXAMPLES = `
Examples:
  $ dlcmp predict --model models/scenes data/seg_pred
  $ dlcmp predict --model models/scenes --format csv one.jpg two.png > predictions.csv
  $ dlcmp predict --model resnet.onnx --normalisation imagenet --activation softmax photos
  $ dlcmp predict --model exported-by-keras --class-names cat,dog --normalisation 0-1 --activation none photos
`;

export function addPredictCommand(program: Command): void {
  const command = program
    .command('predict')
    .summary('classify images with a saved model')
    .description(
      'Classifies images, or folders of images, with a model that "train" or "bench" saved, or with one that was trained elsewhere: .onnx (on ONNX Runtime), SavedModel or TensorFlow.js (on native TensorFlow).',
    )
    .argument('<path...>', 'images, or folders of images such as seg_pred')
    .requiredOption(
      '--model <PATH>',
      'folder of the saved model, .onnx file, or folder of a SavedModel or TensorFlow.js model',
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
    );
  addModelOptions(command)
    .option('--quiet', 'no progress')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: PredictFlags) => {
      process.exitCode = await predict(paths, flags);
    });
}

async function predict(paths: readonly string[], flags: PredictFlags): Promise<number> {
  const { onBadImage, quiet, threads, contender } = flags;
  const model = await openModel(flags.model, {
    threads,
    ...(contender !== undefined && { contender }),
    description: modelOptionsOf(flags),
  });
  try {
    const decoding = startProgress('Decoding', { quiet });
    const images = await loadUnlabelled(paths, {
      height: model.inputHeight,
      width: model.inputWidth,
      resize: model.resize,
      onBadImage,
      onProgress: ({ completed, total }) => decoding.update(completed, total),
    });
    decoding.finish();
    const probabilities = await predictAll(model, images.pixels, images.count, quiet);
    const files = images.files.map(({ path }) => path);
    process.stdout.write(render(flags.format, files, probabilities, model));
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

function render(
  format: PredictionFormat,
  paths: readonly string[],
  parts: readonly Float32Array[],
  { classNames, labels }: OpenModel,
): string {
  if (labels === 'several') {
    return MULTI_LABEL_FORMATS[format](toLabelledImages(paths, parts, classNames), classNames);
  }
  return PREDICTION_FORMATS[format](toPredictions(paths, parts, classNames), classNames);
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
