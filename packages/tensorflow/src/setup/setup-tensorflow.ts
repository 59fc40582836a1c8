import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DlcmpError, hasMusl, makeFolder } from '@dlcmp/contract';
import { MUSL_REMEDY } from '../library/find-library';
import { type InstalledLibrary, libraryCacheDirectory, NOTE_FILE } from '../library/library-cache';
import { findLibraryFiles } from '../library/library-files';
import { isAddress, namedArchive } from '../library/named-library';
import { archiveAddress, downloadArchive } from './download-archive';
import { downloadWheel } from './download-wheel';
import { unpackLibrary } from './library-archive';
import { libraryVersion } from './library-version';

export interface SetupOptions {
  /**
   * A wheel, a `.tar.gz` or `.zip` of TensorFlow's C library, or the address of one, which may state its hash after
   * `#sha256=`. Default: the archive that `DLCMP_TENSORFLOW` names, else fetched.
   */
  readonly from?: string | undefined;
  /** Version to fetch. Default: the newest. */
  readonly version?: string | undefined;
  /** Fetch the library for NVIDIA GPUs. Default: false. */
  readonly gpu?: boolean | undefined;
  /** Whether pip's own progress is shown, on standard error. Default: false. */
  readonly visible?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of a download by address. */
  readonly onProgress?: ((completedBytes: number, totalBytes: number) => void) | undefined;
}

/** What setup has installed. */
export interface SetupResult extends InstalledLibrary {
  readonly directory: string;
}

/** Brings an archive from one place. */
interface Source {
  readonly name: string;
  fetch(): Promise<string>;
}

/**
 * Puts a libtensorflow into the per-user cache, where the backend finds it: from `from`, or else the official wheel
 * through the user's pip, or TensorFlow's own archive. Only the library's files are kept.
 *
 * @throws `BACKEND_UNAVAILABLE` saying why each source failed and what would help; under musl, before any is asked
 */
export async function setupTensorFlow(request: SetupOptions = {}): Promise<SetupResult> {
  const options = { ...request, from: request.from ?? namedArchive() };
  if (options.from === undefined && hasMusl()) {
    throw new DlcmpError('BACKEND_UNAVAILABLE', MUSL_REMEDY);
  }
  const cache = libraryCacheDirectory();
  const downloads = join(cache, 'downloads');
  const failures: string[] = [];
  for (const { name, fetch } of sources(options, downloads)) {
    try {
      const result = await install(await fetch(), options.from ?? name, cache);
      await rm(downloads, { recursive: true, force: true });
      return result;
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new DlcmpError(
    'BACKEND_UNAVAILABLE',
    `No TensorFlow library could be set up.\n${failures.map((failure) => `  - ${failure}`).join('\n')}\n${remedy(options)}`,
  );
}

function remedy({ from }: SetupOptions): string {
  if (from === undefined) {
    return 'Fetch a tensorflow-cpu wheel for this platform by other means, and give it with --from.';
  }
  const isNamed = from === namedArchive();
  return `Give ${isNamed ? 'DLCMP_TENSORFLOW' : '--from'} a tensorflow-cpu wheel for ${process.platform} on ${process.arch}${isNamed ? ', or unset it' : ''}.`;
}

function sources(options: SetupOptions, directory: string): Source[] {
  const { from, version, gpu = false, visible = false, signal } = options;
  const archive = (address: string) => downloadArchive(address, { ...options, directory });
  if (from !== undefined) {
    return [{ name: from, fetch: async () => (isAddress(from) ? archive(from) : existing(from)) }];
  }
  return [
    {
      name: `pip download ${gpu ? 'tensorflow' : 'tensorflow-cpu'}`,
      fetch: () =>
        downloadWheel({ version, gpu, visible, signal, directory: join(directory, 'wheel') }),
    },
    { name: "TensorFlow's C library", fetch: async () => archive(archiveAddress(gpu, version)) },
  ];
}

function existing(path: string): string {
  if (!existsSync(path)) throw new Error('there is no such file');
  return resolve(path);
}

/** Unpacks beside the others, tries to load, and renames: a folder in the cache is always complete. */
async function install(archive: string, source: string, cache: string): Promise<SetupResult> {
  await makeFolder(cache);
  const unpacked = await mkdtemp(join(cache, 'unpacking-'));
  try {
    await unpackLibrary(archive, unpacked);
    const note: InstalledLibrary = { source, version: await checkedVersion(unpacked) };
    await writeFile(join(unpacked, NOTE_FILE), `${JSON.stringify(note, null, 2)}\n`);
    const directory = join(cache, basename(archive).replace(/(\.whl|\.zip|\.tar\.gz|\.tgz)$/, ''));
    await rm(directory, { recursive: true, force: true });
    await rename(unpacked, directory);
    return { ...note, directory };
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

async function checkedVersion(directory: string): Promise<string> {
  const files = findLibraryFiles(directory);
  if (!files) throw new Error(`it holds no libtensorflow for ${process.platform}`);
  return libraryVersion(files);
}
