import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  assertArgument,
  type Classifier,
  type ImageSize,
  readModelManifest,
} from '@dlcmp/contract';
import type { PixelRange } from '@dlcmp/tensorflow';
import { selectContender } from './select-contenders';

/** What a model may expect of its pixels. */
export const PIXEL_RANGES: readonly PixelRange[] = ['0-255', '0-1', 'normalised'];

/** How to run a model; the last four are for SavedModels, which do not say so themselves. */
export interface SavedModelFlags {
  /** ADAPTER[:ENGINE][@DEVICE] */
  readonly contender?: string;
  readonly threads: number;
  readonly classNames?: readonly string[];
  readonly pixelRange: PixelRange;
  readonly logits?: boolean;
  /** Side of the images in pixels, where the model takes any. */
  readonly imageSize?: number;
}

/** Adapters that saved models before, by those that open them now. */
const SAVED_BY: Readonly<Record<string, string>> = { 'cnn-onnx-sequential': 'cnn-onnx' };

/** A model that can be asked. */
export interface OpenModel extends ImageSize, Pick<Classifier, 'predict' | 'dispose'> {
  readonly classNames: readonly string[];
}

/** Opens what "train" or "bench" saved, or a SavedModel of Keras or TensorFlow. */
export async function openModel(directory: string, flags: SavedModelFlags): Promise<OpenModel> {
  const { threads, contender } = flags;
  if (isSavedModel(directory)) {
    const { loadSavedModel } = await import('@dlcmp/tensorflow');
    const { imageSize: side, ...options } = flags;
    const size = side === undefined ? undefined : { inputHeight: side, inputWidth: side };
    return loadSavedModel(directory, { ...options, size });
  }
  const { adapter: name, inputHeight, inputWidth, classNames } = await readModelManifest(directory);
  assertArgument(
    flags.classNames === undefined && flags.imageSize === undefined && flags.logits === undefined,
    `--class-names, --image-size and --logits are for SavedModels, and ${directory} is none: leave them out.`,
  );
  const { adapter, backend } = await selectContender(contender ?? SAVED_BY[name] ?? name);
  const classifier = await adapter.load(directory, { threads, backend });
  return {
    inputHeight,
    inputWidth,
    classNames,
    predict: (pixels, count) => classifier.predict(pixels, count),
    dispose: () => classifier.dispose(),
  };
}

function isSavedModel(directory: string): boolean {
  return (
    existsSync(join(directory, 'saved_model.pb')) && !existsSync(join(directory, 'model.json'))
  );
}
