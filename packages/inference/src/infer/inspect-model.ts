import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InferredModel } from '@dlcmp/bench-core/results';
import { readOnnxFile } from '@dlcmp/cnn-onnx';
import type { ModelFile } from '../formats/model-format';

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
  // TensorFlow.js keeps weights in bytes where it is told to, and computes in float32 all the same.
  return { path, format, precision: 'fp32', fileBytes: await sizeOf(path) };
}

async function sizeOf(path: string): Promise<number> {
  const entry = await stat(path);
  if (!entry.isDirectory()) return entry.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
