import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';
import { type Inputs, type PartialKernel, wrapKernel } from '../partial-kernel';
import { noteShared } from '../shared-data';
import { averageInside } from './average-pools';
import { takeChannelsFirst } from './channels-first';
import { dilatedConv3D } from './dilated-convolutions';
import { padExplicitly } from './explicit-padding';
import { floorDivide, modulo, power } from './integer-arithmetic';
import { broadcastManyAxes } from './many-axes';
import {
  batchNormByFormula,
  diagonalOfOne,
  gatherFromTheEnd,
  multinomial,
  padOrCut,
  prelu,
  reciprocalOfIntegers,
  scanOfOne,
  sparseToDense,
} from './small-corrections';
import { unifyTypes } from './unified-types';
import { widenTypes } from './widened-types';

/** Has the kernels of `backendName` answer wherever TensorFlow.js's own backend for the CPU does. */
export function correctKernels(tf: TensorFlow, backendName: string): void {
  for (const [name, kernel] of Object.entries(corrections(tf))) {
    wrapKernel(tf, backendName, name, (stock) => (call) => {
      const { backend, inputs, attrs } = call;
      return kernel(backend as NodeBackend, inputs, attrs) ?? stock(call);
    });
  }
  wrapKernel(tf, backendName, tf.Conv3D, (stock) => dilatedConv3D(tf, stock));
  wrapKernel(tf, backendName, tf.Multinomial, (stock) => multinomial(tf, stock));
  wrapKernel(tf, backendName, tf.Reshape, (stock) => (call) => {
    const reshaped = stock(call) as TensorInfo;
    const { x } = call.inputs as Inputs<'x'>;
    if (reshaped.dataId !== x.dataId) noteShared(call.backend as NodeBackend, reshaped);
    return reshaped;
  });
  averageInside(tf, backendName);
  padExplicitly(tf, backendName);
  takeChannelsFirst(tf, backendName);
  broadcastManyAxes(tf, backendName);
  widenTypes(tf, backendName);
  unifyTypes(tf, backendName);
}

function corrections(tf: TensorFlow): Record<string, PartialKernel> {
  return {
    [tf.Cumprod]: (...call) => scanOfOne(tf, tf.Cumprod, ...call),
    [tf.Cumsum]: (...call) => scanOfOne(tf, tf.Cumsum, ...call),
    [tf.Diag]: (_, inputs) => diagonalOfOne(tf, inputs),
    [tf.FloorDiv]: floorDivide,
    [tf.GatherV2]: (_, inputs, attributes) => gatherFromTheEnd(tf, inputs, attributes),
    [tf.FusedBatchNorm]: (...call) => batchNormByFormula(tf, ...call),
    [tf.Mod]: modulo,
    [tf.PadV2]: (_, inputs, attributes) => padOrCut(tf, inputs, attributes),
    [tf.Pow]: power,
    [tf.Prelu]: (_, inputs) => prelu(tf, inputs),
    [tf.Reciprocal]: (backend, inputs) => reciprocalOfIntegers(tf, backend, inputs),
    [tf.SparseToDense]: (...call) => sparseToDense(tf, ...call),
  };
}
