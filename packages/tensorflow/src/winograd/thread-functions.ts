import type { ThreadFunction } from '../computing-threads';
import type { ThreadWork, TileThread } from './tile-thread';

/** What a thread can be asked for, in the order of {@link threadFunctions}. */
export const THREAD_FUNCTIONS = ['convolve', 'sumFilterGradients'] as const;

export type ThreadFunctionName = (typeof THREAD_FUNCTIONS)[number];

/** The functions of a thread with everything that they take as numbers: sizes, cuts, the thread, then their own. */
export function threadFunctions(thread: TileThread): readonly ThreadFunction[] {
  return [
    (...numbers) => {
      const [images, filters, bias, results, least] = numbers.slice(WORK_NUMBERS) as FiveNumbers;
      const pooled = numbers[WORK_NUMBERS + 5] === 1;
      thread.convolve(workOf(numbers), { images, filters, bias, results }, { least, pooled });
    },
    (...numbers) => {
      const [images, gradients] = numbers.slice(WORK_NUMBERS) as [number, number];
      thread.sumFilterGradients(workOf(numbers), images, gradients);
    },
  ];
}

type FiveNumbers = [number, number, number, number, number];

const WORK_NUMBERS = 11;

function workOf(numbers: readonly number[]): ThreadWork {
  const [count, height, width, inputs, outputs] = numbers as FiveNumbers;
  const [tileRows, tileColumns, stripRows, stripsPerImage] = numbers.slice(5) as FiveNumbers;
  const [thread, threads] = numbers.slice(9) as FiveNumbers;
  return {
    shape: { count, height, width, inputs, outputs },
    tiling: { tileRows, tileColumns, stripRows, stripsPerImage },
    thread,
    threads,
  };
}
