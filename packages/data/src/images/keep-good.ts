import { dirname } from 'node:path';
import { DlcmpError } from '@dlcmp/contract';
import type { ImageFile, LabelledFile } from '../dataset/dataset';
import { listing } from '../dataset/problem';
import type { DecodedFiles } from './decode-files';
import type { LoadOptions } from './load-options';

/** A file that was left out. */
export interface SkippedFile {
  readonly path: string;
  /** Completes the sentence "FILE …". */
  readonly reason: string;
}

/** The files that there are images of. */
export interface Kept<File extends ImageFile> {
  readonly count: number;
  /** The file of each image, in order. */
  readonly files: readonly File[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * What is left of `files` without the bad ones.
 *
 * @throws `INVALID_DATA` where there are bad ones and `onBadImage` is not `skip`, and where none is left
 */
export function keepGood<File extends ImageFile>(
  files: readonly File[],
  bad: DecodedFiles['bad'],
  { onBadImage = 'fail' }: Pick<LoadOptions, 'onBadImage'>,
): Kept<File> {
  const isBad = new Set(bad.map(({ index }) => index));
  const skipped = bad.map(({ index, reason }) => ({ path: files[index]?.path ?? '', reason }));
  if (onBadImage === 'fail') assertNoneBad(skipped);
  const kept = files.filter((_, index) => !isBad.has(index));
  if (kept.length === 0) {
    throw new DlcmpError(
      'INVALID_DATA',
      listing('No image could be loaded. Repair these files, or name others:', describe(skipped)),
    );
  }
  return { count: kept.length, files: kept, skipped };
}

/**
 * The class index of each image that was kept.
 *
 * @throws `INVALID_DATA` where none is left of a class of `files`
 */
export function labelsOf(files: readonly LabelledFile[], kept: Kept<LabelledFile>): Int32Array {
  const labels = Int32Array.from(kept.files, ({ label }) => label);
  const present = new Set(labels);
  const lost = files.filter(({ label }) => !present.has(label));
  if (lost.length > 0) throw emptiedClass(lost, kept.skipped);
  return labels;
}

function assertNoneBad(bad: readonly SkippedFile[]): void {
  if (bad.length === 0) return;
  const images = bad.length === 1 ? '1 image' : `${bad.length} images`;
  const headline = `${images} cannot be used. Repair or remove them, or leave bad images out (onBadImage: 'skip', on the command line --on-bad-image skip):`;
  throw new DlcmpError('INVALID_DATA', listing(headline, describe(bad)));
}

function emptiedClass(lost: readonly LabelledFile[], skipped: readonly SkippedFile[]): DlcmpError {
  const folders = [...new Set(lost.map(({ path }) => dirname(path)))];
  const classes = folders.length === 1 ? 'the class' : 'the classes';
  const headline = `No image is left of ${classes} in ${folders.join(' and ')}. Put images there that can be read, or remove the class from both splits:`;
  const paths = new Set(lost.map(({ path }) => path));
  const reasons = describe(skipped.filter(({ path }) => paths.has(path)));
  return new DlcmpError('INVALID_DATA', listing(headline, reasons));
}

function describe(bad: readonly SkippedFile[]): string[] {
  return bad.map(({ path, reason }) => `${path} ${reason}`);
}
