import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

/**
 * Shared memory as an ArrayBuffer on the same bytes: ONNX Runtime's binding refuses a SharedArrayBuffer
 * on Node.js 20. The memory must outlive the buffer.
 */
export function viewMemory(memory: WebAssembly.Memory): ArrayBuffer {
  const koffi = createRequire(import.meta.url)('koffi') as typeof Koffi;
  const { byteLength } = memory.buffer;
  return koffi.view(koffi.address(new Uint8Array(memory.buffer)), byteLength);
}
