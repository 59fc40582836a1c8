import type { TensorFlowRuntime } from '../src/engines/runtime';
import { openWasm } from '../src/engines/wasm';
import { loadTensorFlowModules } from '../src/tensorflow-modules';

/** A runtime of the WebAssembly backend, which the caller closes. */
export async function openRuntime(threads: number): Promise<TensorFlowRuntime> {
  return openWasm(await loadTensorFlowModules(), { threads });
}
