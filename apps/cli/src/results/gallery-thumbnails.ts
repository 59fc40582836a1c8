import { isDlcmpError } from '@dlcmp/contract';
import { type Dataset, renderThumbnail } from '@dlcmp/data';
import type { Report } from '@dlcmp/report';

const SIDE = 112;

/** Small pictures of the images that the report shows, by their path in the results. */
export async function renderGalleryThumbnails(
  { galleryImages }: Report,
  dataset: Dataset,
): Promise<Map<string, Uint8Array>> {
  const paths = new Map(dataset.test.map(({ relativePath, path }) => [relativePath, path]));
  const thumbnails = new Map<string, Uint8Array>();
  for (const { relativePath } of galleryImages) {
    const path = paths.get(relativePath);
    const thumbnail = path === undefined ? undefined : await thumbnailOrNothing(path);
    if (thumbnail) thumbnails.set(relativePath, thumbnail);
  }
  return thumbnails;
}

/** A report goes without a picture that is no longer there. */
async function thumbnailOrNothing(path: string): Promise<Uint8Array | undefined> {
  try {
    return await renderThumbnail(path, SIDE);
  } catch (error) {
    if (error instanceof Error && !isDlcmpError(error, 'FRAMEWORK_MISSING')) return undefined;
    throw error;
  }
}
