import type { DawnModule } from './load-packages';

/** Those that TensorFlow.js's backend takes for granted. */
const NEEDED = ['GPUBuffer', 'GPUTexture', 'GPUBufferUsage', 'GPUMapMode', 'GPUTextureUsage'];

let users = 0;
let added: readonly string[] = [];

/**
 * Defines the globals of a browser that TensorFlow.js's backend needs and this process lacks; the function that it returns takes
 * them away with the last who asked for them.
 */
export function defineWebGpuGlobals({ globals }: DawnModule): () => void {
  if (users++ === 0) {
    added = NEEDED.filter((name) => !(name in globalThis));
    for (const name of added) {
      Object.defineProperty(globalThis, name, { value: globals[name], configurable: true });
    }
  }
  return () => {
    if (--users > 0) return;
    for (const name of added) Reflect.deleteProperty(globalThis, name);
  };
}

/** Calls `create` while `navigator.gpu` is there, without which TensorFlow.js's backend refuses to be made. */
export function withNavigatorGpu<Result>(gpu: GPU, create: () => Result): Result {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    return create();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}
