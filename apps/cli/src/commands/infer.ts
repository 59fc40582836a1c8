import { join } from 'node:path';
import { allowedCores, writeWhole } from '@dlcmp/bench-core';
import type { InferenceResults } from '@dlcmp/bench-core/results';
import { assertArgument } from '@dlcmp/contract';
import { listImages } from '@dlcmp/data';
import { ImageFiles, inferModels, RUNTIMES, type RuntimeId } from '@dlcmp/inference';
import {
  INFERENCE_COLUMNS,
  inferenceRow,
  inferenceSentences,
  renderInferenceHtml,
  renderTextTable,
  wrapWords,
} from '@dlcmp/report';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { addModelOptions, type ModelFlags, modelOptionsOf } from '../options/model-options';
import { nameList, threadCount, wholeNumber } from '../options/parse-values';
import { chooseImages } from '../prepare/choose-images';
import { readExpected } from '../prepare/read-expected';
import { readLabels } from '../prepare/read-labels';
import { interruptSignal } from '../progress/interrupt-signal';

interface InferFlags extends ModelFlags {
  readonly images: string;
  readonly labels?: string;
  readonly expected?: string;
  readonly runtimes?: readonly string[];
  readonly limit: number;
  readonly repeats: number;
  readonly seed: number;
  readonly threads: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  $ dlcmp infer resnet.onnx --images photos --normalisation imagenet --activation softmax
  $ dlcmp infer fp32.onnx int8.onnx --images data/seg_test --labels folders --out results/int8
  $ dlcmp infer model.onnx --images photos --expected from-python.json --repeats 0

What the options do not say is read from image-model.json (NAME.image-model.json), preprocessor_config.json
and config.json beside a model. docs/bring-your-own-model.md has all of it.
`;

export function addInferCommand(program: Command): void {
  const command = program
    .command('infer')
    .summary('hold a trained model in every runtime against itself')
    .description(
      'Runs a model, or several forms of one, in every runtime that opens it: do the answers agree, if not, why, and which is fastest? Exits 1 where answers differ.',
    )
    .argument('<model...>', '.onnx file, or folder of a SavedModel or of a TensorFlow.js model')
    .requiredOption('--images <PATH>', 'image, or folder of images')
    .option(
      '--labels <folders|FILE.csv>',
      "what is right: images' folders, or columns image and class",
    )
    .option(
      '--expected <FILE>',
      'answers of another program: JSON or CSV as "dlcmp predict" prints',
    );
  addModelOptions(command)
    .option(
      '--runtimes <NAMES>',
      `of ${RUNTIMES.map(({ id }) => id).join(', ')} (default: all that open it)`,
      nameList,
    )
    .option('--limit <N>', 'at most so many images, drawn by the seed', wholeNumber(1), 256)
    .option(
      '--repeats <N>',
      'processes that each run is measured in; 0 measures nothing',
      wholeNumber(0),
      3,
    )
    .option(
      '--seed <N>',
      'decides which images and in which order runs are measured',
      wholeNumber(0),
      1,
    )
    .option('--threads <N>', 'threads each runtime may use', threadCount, allowedCores())
    .option('--out <DIR>', 'write infer.json and infer.html there')
    .option('--json', 'print infer.json instead of a table')
    .option('--quiet', 'no progress')
    .addHelpText('after', EXAMPLES)
    .action(async (models: string[], flags: InferFlags) => {
      process.exitCode = await infer(models, flags);
    });
}

async function infer(models: readonly string[], flags: InferFlags): Promise<number> {
  const { threads, repeats, seed, limit, quiet } = flags;
  const files = chooseImages(await listImages([flags.images]), limit, seed);
  const results = await inferModels({
    models,
    images: new ImageFiles(files),
    labels: flags.labels === undefined ? undefined : await readLabels(flags.labels, files),
    expected: flags.expected === undefined ? undefined : await readExpected(flags.expected, files),
    options: modelOptionsOf(flags),
    runtimes: chooseRuntimes(flags.runtimes),
    threads,
    repeats,
    seed,
    signal: interruptSignal(),
    onProgress: quiet ? undefined : (message) => process.stderr.write(`${message}\n`),
  });
  if (flags.out !== undefined) await write(flags.out, results);
  process.stdout.write(flags.json ? `${JSON.stringify(results, null, 2)}\n` : rendered(results));
  const agrees = results.runs.every((run) => run.status === 'refused' || run.agrees);
  const answered = results.runs.some(({ status }) => status === 'answered');
  return agrees && answered ? EXIT.success : EXIT.failure;
}

/** @throws `INVALID_ARGUMENT` naming those that there are */
function chooseRuntimes(names: readonly string[] | undefined): RuntimeId[] | undefined {
  const known = RUNTIMES.map(({ id }) => id as string);
  const unknown = names?.find((name) => !known.includes(name));
  assertArgument(
    unknown === undefined,
    `There is no runtime "${unknown}". Choose from: ${known.join(', ')}.`,
  );
  return names as RuntimeId[] | undefined;
}

async function write(directory: string, results: InferenceResults): Promise<void> {
  const advice = 'Choose another folder with --out.';
  const json = `${JSON.stringify(results, null, 2)}\n`;
  await writeWhole(join(directory, 'infer.json'), json, advice);
  await writeWhole(join(directory, 'infer.html'), renderInferenceHtml(results), advice);
}

const WIDTHS = [34, 10, 8, 8, 8, 9, 9, 8];

function rendered(results: InferenceResults): string {
  const columns = INFERENCE_COLUMNS.map((title, index) => ({
    title,
    width: WIDTHS[index] as number,
    align: index === 0 ? ('left' as const) : ('right' as const),
  }));
  const table = renderTextTable(columns, results.runs.map(inferenceRow));
  const sentences = inferenceSentences(results).map((sentence) =>
    wrapWords(sentence, 100).join('\n'),
  );
  return `${table}\n\n${sentences.join('\n')}\n`;
}
