export { canRunKernels, type KernelName, type Kernels } from './kernel-module';
export { KernelPool, type PoolExtension, type ThreadContext } from './kernel-pool';
export { type HeapArray, SharedHeap, type ViewMemory } from './shared-heap';
export type { KernelCall, ThreadFunction, ThreadFunctions } from './thread-functions';
