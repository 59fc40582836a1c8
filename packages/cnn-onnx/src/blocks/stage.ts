import type { KernelCall } from '@dlcmp/kernels';
import type { ImageLayout } from './block-sizes';

/** Units that an image is cut into at most: so many calls fit a thread's mailbox. */
const MAX_UNITS = 64;

/** An image on its way through the blocks. */
export interface ImagePlace {
  /** Its number in the batch. */
  readonly image: number;
  /** Where blocks keep it: with gradients to follow each has a slot of its own, else as many slots as threads do. */
  readonly slot: number;
  /** Whether it is kept where each maximum was, which gradients need. */
  readonly keepsArgmax: boolean;
}

/** Room for images, each in its slot, or in the order of the batch. */
export interface ImagePlaces extends ImageLayout {
  readonly by: 'image' | 'slot';
}

/** Address of an image. */
export function addressOf({ address, imageBytes, by }: ImagePlaces, place: ImagePlace): number {
  return address + place[by] * imageBytes;
}

/** A block as lists of calls: a few rows of the image after the other, whatever the rows before are used for. */
export interface Stage {
  /** Rows of its output's windows or tiles in an image. */
  readonly rows: number;
  /**
   * Computes some of an image's rows.
   *
   * @param first row, and `last` (exclusive)
   * @param thread that computes them
   */
  calls(place: ImagePlace, first: number, last: number, thread: number): KernelCall[];
}

/** A block's gradients as lists of calls: each thread adds up those of its own images. */
export interface StageGradients {
  /** What a thread computes before its first image. */
  clear(thread: number): KernelCall[];
  /** Computes the gradients of the image in a slot, given those of its pooled output at a place in memory. */
  calls(slot: number, thread: number, output: ImageLayout): KernelCall[];
}

/** Rows that are computed together, so that about `wanted` of their `columns` are. */
export function unitRows(rows: number, columns: number, wanted: number): number {
  const units = Math.max(1, Math.min(MAX_UNITS, Math.round((rows * columns) / wanted)));
  return Math.ceil(rows / units);
}

/** The calls of each unit of the rows from `first` to `last` (exclusive). */
export function inUnits(
  first: number,
  last: number,
  size: number,
  calls: (from: number, to: number) => KernelCall[],
): KernelCall[] {
  const all: KernelCall[] = [];
  for (let from = first; from < last; from += size) {
    all.push(...calls(from, Math.min(from + size, last)));
  }
  return all;
}

/** `create`, called once for each number. */
export function memoize<Value>(create: (key: number) => Value): (key: number) => Value {
  const values = new Map<number, Value>();
  return (key) => {
    const value = values.get(key) ?? create(key);
    values.set(key, value);
    return value;
  };
}
