import { randomUUID } from 'node:crypto';
import { readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { assertArgument, makeFolder } from '@dlcmp/contract';
import type { Dataset, Split } from '../dataset/dataset';
import { openDataset } from '../dataset/open-dataset';
import { isSynthetic, MARKER_FILE, readMarker } from '../dataset/synthetic-marker';
import { failedWrite } from '../download/download-failure';
import { loadSharp } from '../images/load-sharp';
import { mapConcurrently } from '../images/map-concurrently';
import { drawSample, SAMPLE_SIDE, SCENES } from './draw-sample';

/** Raised whenever the same seed would come to other pictures. */
export const SAMPLE_VERSION = 1;

/** JPEGs encoded in other threads while the next picture is drawn. */
const ENCODED_AT_ONCE = 4;

export interface SampleSetOptions {
  /** Created where missing; a sample set that is there is replaced. */
  readonly directory: string;
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Training images of each class. Default 150. */
  readonly trainPerClass?: number | undefined;
  /** Test images of each class. Default 50. */
  readonly testPerClass?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((completed: number, total: number) => void) | undefined;
}

/** What a finished sample set says of itself in its marker file. */
export interface SampleSetMarker {
  readonly synthetic: true;
  readonly version: number;
  readonly seed: number;
  readonly trainPerClass: number;
  readonly testPerClass: number;
}

/** The marker of the set that `options` ask for. @throws `INVALID_ARGUMENT` */
export function sampleSetMarker(options: SampleSetOptions): SampleSetMarker {
  const { seed = 1, trainPerClass = 150, testPerClass = 50 } = options;
  for (const [name, count] of Object.entries({ trainPerClass, testPerClass })) {
    assertArgument(
      Number.isInteger(count) && count >= 1,
      `${name} must be a whole number ≥ 1, not ${count}.`,
    );
  }
  return { synthetic: true, version: SAMPLE_VERSION, seed, trainPerClass, testPerClass };
}

/**
 * Draws six classes of outdoor scenes (buildings, forest, glacier, mountain, sea, street) as 150×150
 * JPEGs in `seg_train` and `seg_test`, with a marker file `dataset.json` that says they are drawn.
 * The folder appears whole or not at all.
 *
 * @throws `INVALID_ARGUMENT`, also where the folder holds anything but a sample set; `ABORTED`,
 *   `FRAMEWORK_MISSING`; `INVALID_DATA` where the folder cannot be written
 */
export async function createSampleSet(options: SampleSetOptions): Promise<Dataset> {
  const marker = sampleSetMarker(options);
  const directory = resolve(options.directory);
  await assertReplaceable(directory);
  const earlier = await readMarker(directory);
  const unfinished = `${directory}.${randomUUID()}.unfinished`;
  try {
    await drawAll(unfinished, marker, options);
    await writeFile(join(unfinished, MARKER_FILE), `${JSON.stringify(marker, null, 2)}\n`);
    if (earlier) await rm(directory, { recursive: true, force: true });
    // Windows renames to no folder that is there, though it be empty.
    else await rmdir(directory).catch(() => {});
    await rename(unfinished, directory).catch(async (error: unknown) => {
      // Another process may have drawn the same set meanwhile, and read it by now.
      if (!isDeepStrictEqual(await readMarker(directory), marker)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return openDataset(directory);
}

async function assertReplaceable(directory: string): Promise<void> {
  const present = await readdir(directory).catch((): string[] => []);
  assertArgument(
    present.length === 0 || (await isSynthetic(directory)),
    `${directory} holds something that is not a sample set. Choose another folder.`,
  );
}

async function drawAll(
  directory: string,
  marker: SampleSetMarker,
  { signal, onProgress }: SampleSetOptions,
): Promise<void> {
  const sharp = await loadSharp();
  const raw = { width: SAMPLE_SIDE, height: SAMPLE_SIDE, channels: 3 } as const;
  const folder = (split: Split, className: string) => join(directory, `seg_${split}`, className);
  for (const className of Object.keys(SCENES)) {
    for (const split of ['train', 'test'] as const) {
      await makeFolder(folder(split, className)).catch((cause: unknown) => {
        throw failedWrite(cause, dirname(directory));
      });
    }
  }
  const task = 'Drawing the sample set';
  const concurrent = { concurrency: ENCODED_AT_ONCE, signal, onProgress, task };
  await mapConcurrently(listJobs(marker), concurrent, async ({ split, className, index }) => {
    const { pixels, quality } = drawSample(className, marker.seed, split, index);
    const name = `${className}-${String(index + 1).padStart(4, '0')}.jpg`;
    await sharp(pixels, { raw })
      .jpeg({ quality })
      .toFile(join(folder(split, className), name));
  });
}

function listJobs(marker: SampleSetMarker) {
  const counts: Readonly<Record<Split, number>> = {
    train: marker.trainPerClass,
    test: marker.testPerClass,
  };
  return (['train', 'test'] as const).flatMap((split) =>
    Object.keys(SCENES).flatMap((className) =>
      Array.from({ length: counts[split] }, (_, index) => ({ split, className, index })),
    ),
  );
}
