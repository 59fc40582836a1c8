import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeModelManifest } from '@dlcmp/contract';
import { openServing, type Serving, type ServingOptions } from '../src';

export const ADAPTER = fileURLToPath(new URL('./fixtures/blocking-adapter.mjs', import.meta.url));

/** Side of the model's images. */
export const SIDE = 4;
/** An image of this value ends the worker that computes it; one of the others is answered with an error, or keeps it busy for ever. */
export const FATAL = 13;
export const UNANSWERABLE = 17;
export const ENDLESS_LOOP = 19;
export const ENDLESS_CALL = 23;
/** In the place of milliseconds: a model that takes for ever to open. */
export const NEVER_OPEN = 0;

/** Pixels of one image, all of one value. */
export const image = (value: number) => new Uint8Array(SIDE * SIDE * 3).fill(value);

/** How many images were in the batch of an answer. */
export const batchOf = (answer: Float32Array) => Math.round((answer[1] as number) * 1000);

/** Waits until `condition` holds, for a minute at most. */
export async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Not within a minute: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A folder with a model whose batches take `milliseconds`. */
export async function saveBlockingModel(milliseconds: number): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'dlcmp-serving-'));
  await writeModelManifest(path, 'blocking', {
    ...{ inputHeight: SIDE, inputWidth: SIDE, seed: milliseconds },
    classNames: ['mean', 'batch', 'none'],
  });
  return path;
}

/** Serves such a model to `use`, and ends everything afterwards. */
export async function withServing(
  milliseconds: number,
  options: ServingOptions,
  use: (serving: Serving) => Promise<void>,
): Promise<void> {
  const path = await saveBlockingModel(milliseconds);
  const serving = await openServing({ path, adapter: ADAPTER }, { threads: 1, ...options });
  try {
    await use(serving);
  } finally {
    await serving.close();
    await rm(path, { recursive: true });
  }
}
