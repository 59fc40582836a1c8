import type { MaxPoolAttrs, MaxPoolGradAttrs, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../tensorflow-modules';
import type { NodeBackend } from '../node-backend';
import { bool, text } from './attributes';
import { companionsOf } from './companions';
import { hasOneDnn, ONEDNN_LABEL } from './one-dnn';
import { poolWindow } from './pool-window';

/** What oneDNN's ops take beside the window. */
const ONEDNN = [text('data_format', 'NHWC'), bool('workspace_enabled', true), ONEDNN_LABEL];

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
  const window = poolWindow(tf, x, attributes);
  if (!window || !hasOneDnn(backend)) return undefined;
  const ids = backend.getInputTensorIds([x]);
  const [output, workspace] = backend.binding.executeOp(
    ...(['_MklNativeMaxPool', [...window, ...ONEDNN], ids, 2] as const),
  );
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
  const window = poolWindow(tf, input, attributes);
  if (workspace === undefined || !window) return undefined;
  const ids = [...backend.getInputTensorIds([input, output, dy]), workspace];
  const [gradient] = backend.binding.executeOp(
    ...(['_MklNativeMaxPoolGrad', [...window, ...ONEDNN], ids, 1] as const),
  );
  return gradient && backend.createOutputTensor(gradient);
}
