import { join } from 'node:path';
import { counted, printableName } from '@dlcmp/contract';
import { isImageName } from './image-name';
import { listFolder } from './list-folder';

/** Names that are listed before the rest is counted. */
const MAX_NAMES = 6;

/** What the folder `path` holds, down to the second level, in a sentence. */
export async function describeFolder(path: string): Promise<string> {
  const { folders, files } = await listFolder(path, []);
  const images = files.filter(isImageName).length;
  const others = files.filter((name) => !isImageName(name));
  const described = await Promise.all(
    folders.slice(0, MAX_NAMES).map((name) => describeInner(join(path, name), name)),
  );
  const parts = [
    ...(folders.length > 0
      ? [`the ${pluralOf('folder', folders.length)} ${enumerate(described, folders.length)}`]
      : []),
    ...(images > 0 ? [counted(images, 'image')] : []),
    ...(others.length > 0
      ? [`the ${pluralOf('file', others.length)} ${enumerate(others, others.length)}`]
      : []),
  ];
  return parts.length === 0 ? 'It is empty.' : `It holds ${parts.join(' and ')}.`;
}

async function describeInner(path: string, name: string): Promise<string> {
  const { folders, files } = await listFolder(path, []);
  const images = files.filter(isImageName).length;
  const inside = [
    ...(folders.length > 0 ? [enumerate(folders, folders.length)] : []),
    ...(images > 0 ? [counted(images, 'image')] : []),
    ...(files.length > images ? [counted(files.length - images, 'other file')] : []),
  ];
  return `${printableName(name)} (${inside.join(', ') || 'empty'})`;
}

function enumerate(names: readonly string[], count: number): string {
  const listed = names.slice(0, MAX_NAMES).map((name) => printableName(name));
  return [...listed, ...(count > listed.length ? [`${count - listed.length} more`] : [])].join(
    ', ',
  );
}

function pluralOf(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}
