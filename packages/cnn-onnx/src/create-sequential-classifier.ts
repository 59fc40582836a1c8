import { assertThreads } from '@dlcmp/contract';
import { readSequentialModel } from './classifier/saved-sequential-model';
import { SequentialClassifier } from './classifier/sequential-classifier';
import { resolveSequentialSpec, type SequentialSpec } from './classifier/sequential-spec';
import {
  createOnnxRuntime,
  importOnnxRuntime,
  type OnnxRuntimeModule,
} from './runtime/onnx-runtime';

/** How a classifier computes. */
export interface ComputeOptions {
  /** Threads within one operator. Default: ONNX Runtime's choice, one a core. */
  readonly threads?: number;
  /** The framework, where the caller has loaded it. Default: `onnxruntime-node` is imported. */
  readonly onnxruntime?: OnnxRuntimeModule;
}

/**
 * A classifier of any layers, to be trained in ONNX Runtime.
 *
 * @throws `INVALID_ARGUMENT`, `INVALID_FILE`, `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function createSequentialClassifier({
  threads,
  onnxruntime,
  ...spec
}: SequentialSpec & ComputeOptions): Promise<SequentialClassifier> {
  assertThreads(threads);
  const resolved = await resolveSequentialSpec(spec);
  const module = onnxruntime ?? (await importOnnxRuntime());
  return new SequentialClassifier(createOnnxRuntime(module, threads), resolved);
}

/**
 * A classifier that `SequentialClassifier.save` wrote, ready to predict; `fit` starts from its weights.
 *
 * @param options how to compute, and how to learn on
 * @throws `INVALID_FILE`, `INVALID_ARGUMENT`, `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function loadSequentialClassifier(
  directory: string,
  options: ComputeOptions &
    Pick<SequentialSpec, 'optimizer' | 'schedule' | 'labelSmoothing' | 'gradientClipping'> = {},
): Promise<SequentialClassifier> {
  return createSequentialClassifier({ ...options, ...(await readSequentialModel(directory)) });
}
