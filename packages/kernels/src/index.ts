export { type KernelName, type Kernels, kernelCalls } from '../generated/kernel-calls';
export { FILTER_TRANSFORM } from './filter-transform';
export type { KernelCall } from './kernel-call';
export { canRunKernels } from './kernel-module';
export { KernelPool, type PoolExtension, type ThreadContext } from './kernel-pool';
export {
  HEAP_HEADER_BYTES,
  type HeapArray,
  MAX_HEAP_BYTES,
  SharedHeap,
  type ViewMemory,
} from './shared-heap';
export type { ThreadFunction, ThreadFunctions } from './thread-functions';
