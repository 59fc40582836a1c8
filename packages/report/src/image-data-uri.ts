import { assertArgument } from '@dlcmp/contract';

/**
 * A PNG or JPEG file as a `data:` address.
 *
 * @throws `INVALID_ARGUMENT` for any other file
 */
export function imageDataUri(image: Uint8Array): string {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  const signature = bytes.toString('latin1', 0, 4);
  const isJpeg = signature.startsWith('\xff\xd8\xff');
  assertArgument(isJpeg || signature === '\x89PNG', 'Pictures take PNG and JPEG images.');
  return `data:image/${isJpeg ? 'jpeg' : 'png'};base64,${bytes.toString('base64')}`;
}
