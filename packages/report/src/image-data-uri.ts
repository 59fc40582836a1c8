import { assertArgument } from '@dlcmp/contract';

/**
 * A PNG or JPEG file as a `data:` address.
 *
 * @throws `INVALID_ARGUMENT` for any other file
 */
export function imageDataUri(image: Buffer): string {
  const signature = image.toString('latin1', 0, 4);
  const isJpeg = signature.startsWith('\xff\xd8\xff');
  assertArgument(isJpeg || signature === '\x89PNG', 'Pictures take PNG and JPEG images.');
  return `data:image/${isJpeg ? 'jpeg' : 'png'};base64,${image.toString('base64')}`;
}
