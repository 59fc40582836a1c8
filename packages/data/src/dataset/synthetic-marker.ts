import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Beside the splits; says that the images were drawn, and how. */
export const MARKER_FILE = 'dataset.json';

/** Whether the folder `root` carries the marker of a drawn data set. */
export async function isSynthetic(root: string): Promise<boolean> {
  return (await readMarker(root))?.synthetic === true;
}

/** The marker of the folder `root`; undefined where it has none that can be read. */
export async function readMarker(root: string): Promise<Record<string, unknown> | undefined> {
  try {
    const marker: unknown = JSON.parse(await readFile(join(root, MARKER_FILE), 'utf8'));
    return typeof marker === 'object' && marker !== null ? { ...marker } : undefined;
  } catch {
    return undefined;
  }
}
