import { ZipFile } from 'yazl';
import { picture } from './image-folder';

export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
  /** Unix mode with file type; default a plain file. */
  readonly mode?: number;
}

/** A zip archive of `entries`. Their names must be harmless; see {@link renameEntry}. */
export async function zip(entries: readonly ZipEntry[]): Promise<Buffer> {
  const file = new ZipFile();
  for (const { name, content, mode = 0o100644 } of entries) {
    file.addBuffer(content, name, { mode, compress: false });
  }
  file.end();
  const chunks: Buffer[] = [];
  for await (const chunk of file.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Replaces a name in a finished archive by one of the same length that no writer would write. */
export function renameEntry(archive: Buffer, from: string, to: string): Buffer {
  if (from.length !== to.length) throw new RangeError('The names differ in length.');
  const renamed = Buffer.from(archive);
  for (let at = renamed.indexOf(from); at >= 0; at = renamed.indexOf(from, at + 1)) {
    renamed.write(to, at, 'latin1');
  }
  return renamed;
}

/** The entries of a small archive laid out as the Intel archive is. */
export async function intelEntries(): Promise<ZipEntry[]> {
  const names = [
    ...['forest/1', 'forest/2', 'sea/3'].map((name) => `seg_train/seg_train/${name}.jpg`),
    ...['forest/4', 'sea/5'].map((name) => `seg_test/seg_test/${name}.jpg`),
    'seg_pred/seg_pred/6.jpg',
  ];
  return Promise.all(
    names.map(async (name, index) => ({
      name,
      content: await picture(index, { width: 60, height: 40 }).jpeg().toBuffer(),
    })),
  );
}
