import { createRequire } from 'node:module';
import type { ThreadContext, ThreadFunctions } from '@dlcmp/kernels';
import { nativeLibrary } from '../binding/native-library';
import { threadFunctions } from './thread-functions';
import { TileThread } from './tile-thread';

/** What another thread needs to multiply by TensorFlow. */
export interface TileThreadData {
  /** The file of TensorFlow's library, which the process has loaded. */
  readonly libraryPath: string;
  /** Address of the context that multiplies. */
  readonly context: bigint;
  /** Where the threads' memory begins in the process. */
  readonly address: number;
}

/** What a thread of a {@link TilePool} computes beside the kernels. */
export function createFunctions(
  { kernels, memory }: ThreadContext,
  { libraryPath, context, address }: TileThreadData,
): ThreadFunctions {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const library = nativeLibrary(koffi, libraryPath, koffi.load(libraryPath));
  const thread = new TileThread({ library, context }, kernels, { memory, address });
  return threadFunctions(thread);
}
