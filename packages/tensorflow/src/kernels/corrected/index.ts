import type { NodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';
import { type PartialKernel, wrapKernel } from '../partial-kernel';
import { averageInside } from './average-pools';
import { dilatedConv3D } from './dilated-convolution-3d';
import { padExplicitly } from './explicit-padding';
import { floorDivide, modulo, power } from './integer-arithmetic';
import {
  batchNormByFormula,
  diagonalOfOne,
  multinomial,
  padOrCut,
  prelu,
  reciprocalOfIntegers,
  sparseToDense,
} from './small-corrections';
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
  averageInside(tf, backendName);
  padExplicitly(tf, backendName);
  widenTypes(tf, backendName);
}

function corrections(tf: TensorFlow): Record<string, PartialKernel> {
  return {
    [tf.Diag]: (_, inputs) => diagonalOfOne(tf, inputs),
    [tf.FloorDiv]: floorDivide,
    [tf.FusedBatchNorm]: (...call) => batchNormByFormula(tf, ...call),
    [tf.Mod]: modulo,
    [tf.PadV2]: (_, inputs, attributes) => padOrCut(tf, inputs, attributes),
    [tf.Pow]: power,
    [tf.Prelu]: (_, inputs) => prelu(tf, inputs),
    [tf.Reciprocal]: (backend, inputs) => reciprocalOfIntegers(tf, backend, inputs),
    [tf.SparseToDense]: (...call) => sparseToDense(tf, ...call),
  };
}
