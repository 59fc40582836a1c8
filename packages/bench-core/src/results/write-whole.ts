import { dirname } from 'node:path';
import { DlcmpError, makeFolder } from '@dlcmp/contract';
import { describeFileError } from './file-errors';

/**
 * Writes a file in one piece: a reader sees the old content or the new. Makes its folder where there is
 * none.
 *
 * @param advice what to do where it fails, ending the message
 * @throws `INVALID_FILE` where the disk refuses; the old file stays as it is
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  advice: string,
): Promise<void> {
  try {
    await makeFolder(dirname(path));
    // Imported late: it marks the global object.
    const { default: writeFileAtomic } = await import('write-file-atomic');
    await writeFileAtomic(
      path,
      typeof content === 'string'
        ? content
        : Buffer.from(content.buffer, content.byteOffset, content.length),
    );
  } catch (cause) {
    const reason = describeFileError(cause);
    throw new DlcmpError('INVALID_FILE', `${path} can't be written: ${reason}. ${advice}`, {
      cause,
    });
  }
}
