import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesPerImage, type ImageSize, openPixelFile } from '@dlcmp/contract';
import type { TrialImages } from './bench-plan';
import type { ImageFile } from './image-file';

/** Images of the gate, in files as a trial's. */
export interface GateFiles extends TrialImages {
  remove(): Promise<void>;
}

/**
 * Some of the run's own images, evenly spread over it so that all classes are among them, in files of their own: a contender
 * finds them as it finds a trial's.
 *
 * @param directory made anew, so that nothing is left there by a run that was killed
 */
export async function writeGateImages(
  { size, train, test }: TrialImages,
  counts: { readonly trainCount: number; readonly testCount: number },
  directory: string,
): Promise<GateFiles> {
  const remove = () => rm(directory, { recursive: true, force: true });
  await remove();
  await mkdir(directory, { recursive: true });
  return {
    size,
    train: spread(train, counts.trainCount, size, join(directory, 'train.pixels')),
    test: spread(test, counts.testCount, size, join(directory, 'test.pixels')),
    remove,
  };
}

function spread(file: ImageFile, count: number, size: ImageSize, path: string): ImageFile {
  const indices = Array.from({ length: count }, (_, at) => Math.floor((at * file.count) / count));
  const source = openPixelFile(file.pixelsPath, file.count, size);
  const pixels = new Uint8Array(count * bytesPerImage(size));
  source.read(indices, pixels);
  source.close();
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, pixels);
  closeSync(descriptor);
  const labels = Int32Array.from(indices, (index) => file.labels[index] as number);
  return { pixelsPath: path, labels, count };
}
