import type { ModelFormat } from '../formats/model-format';
import type { ModelRuntime, RuntimeId } from './model-runtime';
import { onnxRuntimeNode, onnxRuntimeWeb } from './onnx-runtimes';
import { pythonOnnxRuntime, pythonTensorFlow } from './python-runtimes';
import { tensorFlowNative, tfjsWasm } from './tfjs-runtimes';

/** In the order in which their answers are taken for those that others are held against. */
export const RUNTIMES: readonly ModelRuntime[] = [
  onnxRuntimeNode,
  tensorFlowNative,
  onnxRuntimeWeb,
  tfjsWasm,
  pythonOnnxRuntime,
  pythonTensorFlow,
];

/** Those that open models of `format`. */
export function runtimesFor(format: ModelFormat): readonly ModelRuntime[] {
  return RUNTIMES.filter(({ formats }) => formats.includes(format));
}

export function findRuntime(id: RuntimeId): ModelRuntime {
  return RUNTIMES.find((runtime) => runtime.id === id) as ModelRuntime;
}
