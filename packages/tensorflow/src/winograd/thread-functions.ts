import type { KernelCall, ThreadFunctions } from '@dlcmp/kernels';
import type { ConvolutionData, Finish, ThreadWork, TileThread } from './tile-thread';

/*
 * What threads are asked for travels between them as numbers. Each call stands here beside the function that takes it, and
 * a thread's part of the work in one order for both.
 */

const CONVOLVE = 'convolveStrips';
const SUM = 'sumFilterGradients';

/** {@link TileThread.convolve} as a call. */
export function convolveCall(work: ThreadWork, data: ConvolutionData, finish: Finish): KernelCall {
  const { images, filters, bias, results } = data;
  const own = [images, filters, bias, results, finish.least, Number(finish.pooled)];
  return { name: CONVOLVE, numbers: [...workNumbers(work), ...own] };
}

/** {@link TileThread.sumFilterGradients} as a call. */
export function sumCall(work: ThreadWork, images: number, gradients: number): KernelCall {
  return { name: SUM, numbers: [...workNumbers(work), images, gradients] };
}

/** The functions that these calls are answered by. */
export function threadFunctions(thread: TileThread): ThreadFunctions {
  return {
    [CONVOLVE](...numbers) {
      const [images, filters, bias, results, least, pooled] = numbers.slice(
        WORK_NUMBERS,
      ) as ConvolveNumbers;
      const finish = { least, pooled: pooled === 1 };
      thread.convolve(workOf(numbers), { images, filters, bias, results }, finish);
    },
    [SUM](...numbers) {
      const [images, gradients] = numbers.slice(WORK_NUMBERS) as [number, number];
      thread.sumFilterGradients(workOf(numbers), images, gradients);
    },
  };
}

type ConvolveNumbers = [number, number, number, number, number, number];

const SHAPE = ['count', 'height', 'width', 'inputs', 'outputs'] as const;
const TILING = ['tileRows', 'tileColumns', 'stripRows', 'stripsPerImage'] as const;
const WORK_NUMBERS = SHAPE.length + TILING.length + 2;

function workNumbers({ shape, tiling, thread, threads }: ThreadWork): number[] {
  const sizes = SHAPE.map((name) => shape[name]);
  return [...sizes, ...TILING.map((name) => tiling[name]), thread, threads];
}

function workOf(numbers: readonly number[]): ThreadWork {
  const [thread, threads] = numbers.slice(WORK_NUMBERS - 2) as [number, number];
  return {
    shape: named(SHAPE, numbers),
    tiling: named(TILING, numbers.slice(SHAPE.length)),
    thread,
    threads,
  };
}

function named<Name extends string>(
  names: readonly Name[],
  numbers: readonly number[],
): Record<Name, number> {
  const entries = names.map((name, place) => [name, numbers[place]]);
  return Object.fromEntries(entries) as Record<Name, number>;
}
