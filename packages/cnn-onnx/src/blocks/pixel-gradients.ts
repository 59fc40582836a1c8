import { type HeapArray, type KernelCall, kernelCalls } from '@dlcmp/kernels';
import type { BlockEngine } from './block-engine';
import type { ImageLayout } from './block-sizes';
import { filterIndex, type PixelStage } from './pixel-stage';
import type { StageGradients } from './stage';
import { addUp } from './sums';

/** Floats in which a filter's gradient is summed: three lines of twelve, of which nine count. */
const SUM_LENGTH = 36;

/** Gradients of a {@link PixelStage}'s weights, after it computed the images. */
export class PixelGradients implements StageGradients {
  readonly #stage: PixelStage;
  /** By thread: of each channel's filter, then of the bias. */
  readonly #sums: HeapArray;

  constructor({ heap, pool }: BlockEngine, stage: PixelStage) {
    this.#stage = stage;
    this.#sums = heap.floats(pool.threads * this.#threadLength());
  }

  clear(thread: number): KernelCall[] {
    return [kernelCalls.clear({ start: this.#sumsOf(thread), end: this.#sumsOf(thread + 1) })];
  }

  calls(slot: number, thread: number, output: ImageLayout): KernelCall[] {
    const { rows, columns, channels } = this.#stage;
    const sums = this.#sumsOf(thread);
    return [
      kernelCalls.addPixelFilterGradients({
        sums,
        biasGradient: sums + channels * SUM_LENGTH * 4,
        gradients: output.address,
        argmax: this.#stage.argmaxAddress(slot),
        images: this.#stage.imageAddress(slot),
        first: 0,
        last: rows,
        windowRows: rows,
        windowColumns: columns,
        channels,
        imageBytes: output.imageBytes,
        rowBytes: output.rowBytes,
      }),
    ];
  }

  /** @param threads that have computed images */
  write(filters: Float32Array, bias: Float32Array, threads: number): void {
    const { channels, sizes } = this.#stage;
    const sums = addUp(this.#sums.data, this.#threadLength(), threads);
    bias.set(sums.subarray(channels * SUM_LENGTH).subarray(0, bias.length));
    for (let o = 0; o < sizes.outputChannels; o++) {
      for (let at = 0; at < 27; at++) {
        const from = o * SUM_LENGTH + Math.floor(at / 9) * 12 + (at % 9);
        filters[o * 27 + filterIndex(at)] = sums[from] as number;
      }
    }
  }

  #threadLength(): number {
    return this.#stage.channels * (SUM_LENGTH + 1);
  }

  #sumsOf(thread: number): number {
    return this.#sums.address + thread * this.#threadLength() * 4;
  }
}
