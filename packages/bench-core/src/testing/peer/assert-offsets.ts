import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Adapter } from '@dlcmp/contract';
import { bytesPerImage, type LabelledImages } from '@dlcmp/contract';
import { readImageFile } from '../../run/image-file';
import { assertClose } from '../assertions';
import { CONTRACT_SPEC, noiseImages, noiseProbes, SHORT_FIT } from '../contract-data';

const FIRST = 4;
const TOLERANCE = 1e-6;

/**
 * Asks about images in the middle of a file, as a bench does with decoded ones, and about a copy of
 * them. The contract's cases have no files, so their images begin at byte 0.
 */
export async function assertOffsets(
  adapter: Adapter,
  options: { readonly backend: string; readonly threads: number },
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'dlcmp-offsets-'));
  const classifier = await adapter.create(CONTRACT_SPEC, options);
  try {
    await classifier.fit(noiseImages(), SHORT_FIT);
    const { pixels, count } = await probesOnDisk(directory);
    const later = pixels.subarray(FIRST * bytesPerImage(CONTRACT_SPEC));
    const expected = await classifier.predict(later.slice(), count - FIRST);
    const actual = await classifier.predict(later, count - FIRST);
    assertClose(actual, expected, TOLERANCE, 'Images at an offset and a copy of them');
  } finally {
    await classifier.dispose();
    await rm(directory, { recursive: true });
  }
}

/** Images that lie in a file, which a peer is then told to read. */
async function probesOnDisk(directory: string): Promise<LabelledImages> {
  const { pixels, labels, count } = noiseProbes();
  const pixelsPath = join(directory, 'pixels');
  await writeFile(pixelsPath, pixels);
  return readImageFile({ pixelsPath, labels, count }, CONTRACT_SPEC);
}
