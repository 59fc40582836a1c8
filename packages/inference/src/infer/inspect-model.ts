import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InferredModel } from '@dlcmp/bench-core/results';
import { readOnnxFile } from '@dlcmp/cnn-onnx';
import type { ModelFile } from '../formats/model-format';
import { readTfjsJson } from '../formats/tfjs-files';

/** What a model is before it is opened: its size, and in what numbers it computes. */
export async function inspectModel({ path, format }: ModelFile): Promise<InferredModel> {
  if (format === 'onnx') {
    const { precision, bytes, externalFiles } = await readOnnxFile(path);
    const others = await Promise.all(
      externalFiles.map((name) => sizeOf(join(dirname(path), name))),
    );
    return {
      path,
      format,
      precision,
      fileBytes: others.reduce((sum, one) => sum + one, bytes.length),
    };
  }
  const fileBytes = await sizeOf(path);
  if (format === 'saved-model') return { path, format, precision: 'fp32', fileBytes };
  const { weightsManifest } = await readTfjsJson(path);
  const weights = weightsManifest.flatMap((group) => group.weights);
  const quantised = weights.map(({ quantization }) => (quantization as { dtype?: string })?.dtype);
  const precision = quantised.includes('uint8')
    ? 'int8'
    : quantised.includes('float16')
      ? 'fp16'
      : 'fp32';
  return { path, format, precision, fileBytes };
}

async function sizeOf(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
