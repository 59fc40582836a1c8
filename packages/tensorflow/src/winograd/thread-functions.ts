import type { ThreadFunction } from '@dlcmp/kernels';
import type { ThreadWork, TileThread } from './tile-thread';

/** What a thread can be asked for. */
export type ThreadFunctionName = 'convolveStrips' | 'sumFilterGradients';

/** The functions of a thread with everything that they take as numbers: sizes, cuts, the thread, then their own. */
export function threadFunctions(thread: TileThread): Record<ThreadFunctionName, ThreadFunction> {
  return {
    convolveStrips: (...numbers) => {
      const [images, filters, bias, results, least] = numbers.slice(WORK_NUMBERS) as FiveNumbers;
      const pooled = numbers[WORK_NUMBERS + 5] === 1;
      thread.convolve(workOf(numbers), { images, filters, bias, results }, { least, pooled });
    },
    sumFilterGradients: (...numbers) => {
      const [images, gradients] = numbers.slice(WORK_NUMBERS) as [number, number];
      thread.sumFilterGradients(workOf(numbers), images, gradients);
    },
  };
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
