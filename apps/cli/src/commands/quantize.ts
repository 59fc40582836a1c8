import { allowedCores } from '@dlcmp/bench-core';
import { printableName } from '@dlcmp/contract';
import { listImages } from '@dlcmp/data';
import { ImageFiles, quantizeModel } from '@dlcmp/inference';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { addModelOptions, type ModelFlags, modelOptionsOf } from '../options/model-options';
import { threadCount, wholeNumber } from '../options/parse-values';
import { chooseImages } from '../prepare/choose-images';

interface QuantizeFlags extends ModelFlags {
  readonly images: string;
  readonly limit: number;
  readonly seed: number;
  readonly threads: number;
  readonly out?: string;
}

const EXAMPLES = `
Examples:
  $ dlcmp quantize fp32.onnx --images photos --normalisation imagenet --activation softmax --out int8.onnx
  $ dlcmp infer fp32.onnx int8.onnx --images data/seg_test --labels folders    # does it pay?
`;

export function addQuantizeCommand(program: Command): void {
  const command = program
    .command('quantize')
    .summary('a trained .onnx model in int8')
    .description(
      "Quantises an .onnx model to int8 by onnxruntime's own Python tool (DLCMP_PYTHON, else python3, else uv): weights a channel, activations calibrated on images.",
    )
    .argument('<model>', '.onnx file')
    .requiredOption(
      '--images <PATH>',
      'images to calibrate on, of the kind that the model will see',
    );
  addModelOptions(command)
    .option('--limit <N>', 'calibrate on so many images, drawn by the seed', wholeNumber(1), 128)
    .option('--seed <N>', 'decides which images', wholeNumber(0), 1)
    .option('--threads <N>', 'threads ONNX Runtime may use', threadCount, allowedCores())
    .option('--out <FILE>', 'where the model in int8 goes (default: NAME.int8.onnx)')
    .addHelpText('after', EXAMPLES)
    .action(async (model: string, flags: QuantizeFlags) => {
      process.exitCode = await quantize(model, flags);
    });
}

async function quantize(model: string, flags: QuantizeFlags): Promise<number> {
  const { limit, seed, threads } = flags;
  const files = chooseImages(await listImages([flags.images]), limit, seed);
  const { output, bytesBefore, bytesAfter } = await quantizeModel(model, {
    images: new ImageFiles(files),
    options: modelOptionsOf(flags),
    output: flags.out ?? model.replace(/\.onnx$/, '.int8.onnx'),
    threads,
  });
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  process.stdout.write(
    `${printableName(output)}: ${megabytes(bytesBefore)} MB in ${megabytes(bytesAfter)} MB, calibrated on ${files.length} images. Now "dlcmp infer" says whether it pays.\n`,
  );
  return EXIT.success;
}
