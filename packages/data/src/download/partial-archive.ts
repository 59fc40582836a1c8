import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { StatedArchive } from './stated-archive';

/** A download under way, kept between runs: the bytes so far, and what they are a part of. */
export interface PartialArchive {
  /** The bytes received so far. */
  readonly path: string;
  /** Bytes already there. */
  readonly size: number;
  readonly stated: StatedArchive;
}

interface SavedState extends StatedArchive {
  readonly url: string;
}

const statePath = (path: string) => `${path}.json`;

/** What an earlier run left of `url` at `path`; empty where it left nothing that can be continued. */
export async function openPartial(path: string, url: string): Promise<PartialArchive> {
  const saved = await readState(path);
  if (saved?.url !== url || saved.etag === undefined) return { path, size: 0, stated: {} };
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  return { path, size, stated: saved };
}

async function readState(path: string): Promise<SavedState | undefined> {
  try {
    return JSON.parse(await readFile(statePath(path), 'utf8')) as SavedState;
  } catch {
    return undefined;
  }
}

/** Notes what the bytes about to be written at `path` are a part of. */
export async function savePartialState(
  path: string,
  url: string,
  stated: StatedArchive,
): Promise<void> {
  const state: SavedState = { url, ...stated };
  await writeFile(statePath(path), JSON.stringify(state));
}

/** Removes the bytes at `path` and what was noted of them. */
export async function discardPartial(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(statePath(path), { force: true });
}
