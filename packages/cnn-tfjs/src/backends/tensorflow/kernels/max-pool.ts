import type {
  MaxPoolAttrs,
  MaxPoolGradAttrs,
  NamedAttrMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../tensorflow-modules';
import { TF_FLOAT } from '../binding/data-types';
import type { OpAttribute } from '../binding/op-attributes';
import type { NodeBackend } from '../node-backend';
import { bool, integers, text, type } from './attributes';
import { companionsOf } from './companions';
import { hasOneDnn, ONEDNN_LABEL } from './one-dnn';

/**
 * Max-pooling that notes where each maximum was, so that its gradient need not search for it again.
 *
 * @returns undefined for what oneDNN does not cover, which is left to TensorFlow's own kernel
 */
export function oneDnnMaxPool(
  tf: TensorFlow,
  backend: NodeBackend,
  { x }: { x: TensorInfo },
  attributes: MaxPoolAttrs,
): Tensor | undefined {
  const window = windowAttributes(tf, x, attributes);
  if (!window || !hasOneDnn(backend)) return undefined;
  const ids = backend.getInputTensorIds([x]);
  const [output, workspace] = backend.binding.executeOp('_MklNativeMaxPool', window, ids, 2);
  if (!output || !workspace) return undefined;
  const result = backend.createOutputTensor(output);
  companionsOf(backend).keep(result.dataId, workspace.id);
  return result;
}

/** The gradient of what {@link oneDnnMaxPool} computed; undefined for what it did not. */
export function oneDnnMaxPoolGradient(
  tf: TensorFlow,
  backend: NodeBackend,
  { dy, input, output }: { dy: TensorInfo; input: TensorInfo; output: TensorInfo },
  attributes: MaxPoolGradAttrs,
): Tensor | undefined {
  const workspace = companionsOf(backend).find(output.dataId);
  const window = windowAttributes(tf, input, attributes);
  if (workspace === undefined || !window) return undefined;
  const ids = [...backend.getInputTensorIds([input, output, dy]), workspace];
  const [gradient] = backend.binding.executeOp('_MklNativeMaxPoolGrad', window, ids, 1);
  return gradient && backend.createOutputTensor(gradient);
}

function windowAttributes(
  { backend_util }: TensorFlow,
  { shape, dtype }: TensorInfo,
  { filterSize, strides, pad, dimRoundingMode }: MaxPoolAttrs | (MaxPoolGradAttrs & NamedAttrMap),
): OpAttribute[] | undefined {
  const info = backend_util.computePool2DInfo(
    ...([shape as [number, number, number, number], filterSize, strides] as const),
    ...([1, pad, dimRoundingMode] as const),
  );
  const padding = info.padInfo.type;
  if (dtype !== 'float32' || (padding !== 'VALID' && padding !== 'SAME')) return undefined;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = info;
  return poolAttributes([filterHeight, filterWidth], [strideHeight, strideWidth], padding);
}

function poolAttributes(
  size: readonly [number, number],
  strides: readonly [number, number],
  padding: 'VALID' | 'SAME',
): OpAttribute[] {
  return [
    type('T', TF_FLOAT),
    integers('ksize', [1, ...size, 1]),
    integers('strides', [1, ...strides, 1]),
    text('padding', padding),
    text('data_format', 'NHWC'),
    bool('workspace_enabled', true),
    ONEDNN_LABEL,
  ];
}
