import { decodeImage } from '../images/decode-image';
import { loadSharp } from '../images/load-sharp';
import { readImageFile } from '../images/read-image-file';
import { resizeImage } from '../images/resize-image';

/**
 * The image at `path` as a PNG file of `side` × `side` pixels.
 *
 * @throws `FRAMEWORK_MISSING`; `INVALID_DATA` where the file is no readable image
 */
export async function renderThumbnail(path: string, side: number): Promise<Uint8Array> {
  const { bytes } = await readImageFile(path);
  const pixels = await decodeImage(bytes, (image) => resizeImage(image, side, side).pixels.slice());
  const sharp = await loadSharp();
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
