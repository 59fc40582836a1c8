import type { ModelTensor } from '@dlcmp/contract';
import type { InferenceSession } from 'onnxruntime-node';

/** As onnxruntime-web tells a length of -1, which some exporters write for any: read without its sign. */
const UNSIGNED_MINUS_ONE = 2 ** 32 - 1;

/** An input or output as ONNX Runtime for Node.js or for WebAssembly tells it. */
export function describeOnnxValue(value: InferenceSession.ValueMetadata): ModelTensor {
  if (!value.isTensor) return { name: value.name, type: 'no tensor', shape: [] };
  const shape = value.shape.map((length) =>
    typeof length === 'number' && length >= 0 && length !== UNSIGNED_MINUS_ONE ? length : undefined,
  );
  return { name: value.name, type: value.type, shape };
}
