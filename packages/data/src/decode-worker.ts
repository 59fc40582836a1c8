/**
 * The program of a thread that decodes: takes sources of images, answers with a chunk of pixels.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { isDlcmpError } from '@dlcmp/contract';
import { adoptLoops } from './images/compiled-loops';
import { decodeChunk } from './images/decode-chunk';
import type { ChunkAnswer, ChunkRequest, DecodeThreadData } from './images/decode-threads';
import { readImageFileSync } from './images/read-image-file';

const { target, loops } = workerData as DecodeThreadData;
adoptLoops(loops);

parentPort?.on('message', async ({ sources, memory }: ChunkRequest) => {
  try {
    const chunk = await decodeChunk(sources, target, readImageFileSync, memory);
    answer({ chunk }, [chunk.pixels.buffer]);
  } catch (error) {
    const { message } = error as Error;
    answer({ failure: isDlcmpError(error) ? { code: error.code, message } : { message } });
  }
});

function answer(message: ChunkAnswer, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}
