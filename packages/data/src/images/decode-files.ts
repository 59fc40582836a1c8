import { availableParallelism } from 'node:os';
import type { ImageFile } from '../dataset/dataset';
import type { ImageSource } from './decode-chunk';
import { type DecodedChunk, decodeChunk } from './decode-chunk';
import { DecodeThreads } from './decode-threads';
import { mapConcurrently } from './map-concurrently';
import type { PixelSink } from './pixel-sink';
import { assertTarget, type PixelTarget, targetOf } from './pixel-target';
import { readImageFile } from './read-image-file';

export interface DecodeOptions extends PixelTarget {
  /** Images decoded at once; memory grows with it. Default: the machine's parallelism. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((completed: number, total: number) => void) | undefined;
  /** Bytes of files that were read before, by index. */
  readonly held?: ReadonlyMap<number, Buffer>;
}

/** What became of each file; the pixels of bad ones are left out. */
export interface DecodedFiles {
  readonly bad: readonly { readonly index: number; readonly reason: string }[];
  /** Of each file, as it was when it was decoded. */
  readonly contentHashes: readonly string[];
}

/** Fewer images than this are decoded before threads have started. */
const WORTH_THREADS = 192;
/** A thread more is started for so many images, since its start costs what some dozens of them do. */
const FILES_PER_THREAD = 1000;
/** Images that a thread takes at a time: enough to be seldom asked, few enough for a progress bar. */
const CHUNK = 16;

/**
 * Reads and decodes `files`, each once, and has their pixels written to `sink`; besides, memory holds
 * no more than `concurrency` images and as many chunks of decoded ones.
 *
 * @throws `INVALID_ARGUMENT`, `ABORTED`, and what `sink` throws
 */
export async function decodeFiles(
  files: readonly ImageFile[],
  sink: PixelSink,
  options: DecodeOptions,
): Promise<DecodedFiles> {
  assertTarget(options);
  const { concurrency = availableParallelism(), held } = options;
  const threads =
    files.length >= WORTH_THREADS
      ? new DecodeThreads(
          Math.min(concurrency, Math.max(1, Math.round(files.length / FILES_PER_THREAD))),
          targetOf(options),
        )
      : undefined;
  const sources = files.map(({ path }, index): ImageSource => held?.get(index) ?? path);
  try {
    return await decodeAll(sources, sink, options, threads);
  } finally {
    await threads?.close();
  }
}

async function decodeAll(
  sources: readonly ImageSource[],
  sink: PixelSink,
  options: DecodeOptions,
  threads: DecodeThreads | undefined,
): Promise<DecodedFiles> {
  const { concurrency = availableParallelism(), signal, onProgress } = options;
  const target = targetOf(options);
  const bad: { index: number; reason: string }[] = [];
  const contentHashes = new Array<string>(sources.length);
  type Use = (chunk: DecodedChunk) => Promise<void>;
  const decode = async (chunk: readonly ImageSource[], use: Use): Promise<void> =>
    threads ? threads.decode(chunk, use) : use(await decodeChunk(chunk, target, readImageFile));
  let completed = 0;
  const chunks = chunksOf(sources, threads ? CHUNK : 1);
  const concurrent = {
    concurrency: threads?.count ?? concurrency,
    signal,
    task: 'Decoding images',
  };
  await mapConcurrently(chunks, concurrent, ({ first, items }) =>
    decode(items, async (decoded) => {
      for (const [offset, hash] of decoded.contentHashes.entries()) {
        contentHashes[first + offset] = hash;
      }
      for (const { index, reason } of decoded.bad) bad.push({ index: first + index, reason });
      await sink.write(first, decoded.pixels);
      for (const _ of items) onProgress?.(++completed, sources.length);
    }),
  );
  bad.sort((left, right) => left.index - right.index);
  await sink.leaveOut(bad.map(({ index }) => index));
  return { bad, contentHashes };
}

function chunksOf<Item>(items: readonly Item[], size: number) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) => ({
    first: chunk * size,
    items: items.slice(chunk * size, (chunk + 1) * size),
  }));
}
