import { DlcmpError } from '@dlcmp/contract';
import type { TensorFlow } from '@dlcmp/tensorflow';

export type { TensorFlow };

/** `@tensorflow/tfjs-backend-wasm`. */
export type WasmBackendModule = typeof import('@tensorflow/tfjs-backend-wasm');

/** The parts of TensorFlow.js that the adapter stands on. */
export interface TensorFlowModules {
  readonly core: TensorFlow;
  readonly wasm: WasmBackendModule;
}

/**
 * Loads what `injected` does not hold already.
 *
 * @throws `FRAMEWORK_MISSING`
 */
export async function loadTensorFlowModules(
  injected: Partial<TensorFlowModules> = {},
): Promise<TensorFlowModules> {
  try {
    return {
      core: injected.core ?? commonJs(await import('@tensorflow/tfjs-core')),
      wasm: injected.wasm ?? commonJs(await import('@tensorflow/tfjs-backend-wasm')),
    };
  } catch (cause) {
    throw new DlcmpError(
      'FRAMEWORK_MISSING',
      'TensorFlow.js could not be loaded. Install it with: npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-wasm',
      { cause },
    );
  }
}

/** Node.js hands a CommonJS package's exports over as `default`. */
function commonJs<Module extends object>(module: Module): Module {
  return (module as { default?: Module }).default ?? module;
}
