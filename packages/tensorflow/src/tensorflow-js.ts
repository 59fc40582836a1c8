import { DlcmpError } from '@dlcmp/contract';

/** `@tensorflow/tfjs-core`. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');

/**
 * The TensorFlow.js that this package finds.
 *
 * @throws `FRAMEWORK_MISSING`
 */
export async function loadTensorFlowJs(): Promise<TensorFlow> {
  try {
    // Node.js hands a CommonJS package's exports over as `default`.
    const module = await import('@tensorflow/tfjs-core');
    return (module as { default?: TensorFlow }).default ?? module;
  } catch (cause) {
    throw new DlcmpError(
      'FRAMEWORK_MISSING',
      'TensorFlow.js could not be loaded. Install it with: npm install @tensorflow/tfjs-core',
      { cause },
    );
  }
}
