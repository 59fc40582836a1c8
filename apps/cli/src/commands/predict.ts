import { allowedCores, mostProbableClasses } from '@dlcmp/bench-core';
import { bytesPerImage, type Classifier, readModelManifest } from '@dlcmp/bench-core/contract';
import { loadUnlabelled } from '@dlcmp/data';
import { type Command, Option } from 'commander';
import { findAdapter } from '../adapter-registry';
import { EXIT } from '../exit-codes';
import { wholeNumber } from '../options/parse-values';
import { startProgress } from '../progress/progress-line';
import {
  PREDICTION_FORMATS,
  type Prediction,
  type PredictionFormat,
} from '../results/prediction-formats';

interface PredictFlags {
  readonly model: string;
  readonly format: PredictionFormat;
  readonly backend?: string;
  readonly threads: number;
  readonly onBadImage: 'fail' | 'skip';
  readonly quiet?: boolean | undefined;
}

const EXAMPLES = `
Examples:
  $ dlcmp predict --model models/scenes data/seg_pred
  $ dlcmp predict --model models/scenes --format csv one.jpg two.png > predictions.csv
`;

export function addPredictCommand(program: Command): void {
  program
    .command('predict')
    .summary('classify images with a saved model')
    .description(
      'Classifies images, or folders of images, with a model that "train" or "bench" saved.',
    )
    .argument('<path...>', 'images, or folders of images such as seg_pred')
    .requiredOption('--model <DIR>', 'folder of the saved model')
    .addOption(
      new Option('--format <table|csv|json>', 'how to print')
        .choices(Object.keys(PREDICTION_FORMATS))
        .default('table'),
    )
    .option('--backend <NAME>', 'backend to run on (default: the first that can run here)')
    .option('--threads <N>', 'threads the framework may use', wholeNumber(1), allowedCores())
    .addOption(
      new Option('--on-bad-image <fail|skip>', 'what to do with an image that cannot be read')
        .choices(['fail', 'skip'])
        .default('fail'),
    )
    .option('--quiet', 'no progress')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: PredictFlags) => {
      process.exitCode = await predict(paths, flags);
    });
}

async function predict(paths: readonly string[], flags: PredictFlags): Promise<number> {
  const { model, threads, backend, onBadImage, quiet } = flags;
  const manifest = await readModelManifest(model);
  const { adapter } = await findAdapter(manifest.adapter);
  const decoding = startProgress('Decoding', { quiet });
  const images = await loadUnlabelled(paths, {
    height: manifest.inputHeight,
    width: manifest.inputWidth,
    onBadImage,
    onProgress: ({ completed, total }) => decoding.update(completed, total),
  });
  decoding.finish();
  const classifier = await adapter.load(model, { threads, ...(backend && { backend }) });
  const probabilities = await predictAll(classifier, images.pixels, images.count, manifest, quiet);
  await classifier.dispose();
  const predictions = toPredictions(
    images.files.map(({ path }) => path),
    probabilities,
    manifest.classNames,
  );
  process.stdout.write(PREDICTION_FORMATS[flags.format](predictions, manifest.classNames));
  for (const { path, reason } of images.skipped)
    process.stderr.write(`left out: ${path} ${reason}\n`);
  return EXIT.success;
}

/** Images asked for between two steps of the progress bar. */
const CHUNK = 64;

async function predictAll(
  classifier: Classifier,
  pixels: Uint8Array,
  count: number,
  size: { readonly inputHeight: number; readonly inputWidth: number },
  quiet: boolean | undefined,
): Promise<Float32Array[]> {
  const line = startProgress('Predicting', { quiet });
  const bytes = bytesPerImage(size);
  const parts: Float32Array[] = [];
  for (let start = 0; start < count; start += CHUNK) {
    const end = Math.min(start + CHUNK, count);
    parts.push(await classifier.predict(pixels.subarray(start * bytes, end * bytes), end - start));
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
