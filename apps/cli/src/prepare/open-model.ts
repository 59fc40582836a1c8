import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Classifier, type ImageSize, readModelManifest } from '@dlcmp/contract';
import type { PixelRange } from '@dlcmp/tensorflow';
import { findAdapter } from '../adapter-registry';

/** What a model may expect of its pixels. */
export const PIXEL_RANGES: readonly PixelRange[] = ['0-255', '0-1', 'normalised'];

/** How to run a model; the last three are for SavedModels, which do not say so themselves. */
export interface SavedModelFlags {
  readonly backend?: string;
  readonly threads: number;
  readonly classNames?: readonly string[];
  readonly pixelRange: PixelRange;
  readonly logits?: boolean;
}

/** A model that can be asked. */
export interface OpenModel extends ImageSize, Pick<Classifier, 'predict' | 'dispose'> {
  readonly classNames: readonly string[];
}

/** Opens what "train" or "bench" saved, or a SavedModel of Keras or TensorFlow. */
export async function openModel(directory: string, flags: SavedModelFlags): Promise<OpenModel> {
  const { threads, backend } = flags;
  if (isSavedModel(directory)) {
    const { loadSavedModel } = await import('@dlcmp/tensorflow');
    return loadSavedModel(directory, flags);
  }
  const { adapter: name, inputHeight, inputWidth, classNames } = await readModelManifest(directory);
  const { adapter } = await findAdapter(name);
  const classifier = await adapter.load(directory, { threads, ...(backend && { backend }) });
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
