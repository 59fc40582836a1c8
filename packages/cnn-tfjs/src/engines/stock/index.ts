import type { ComputedPart } from '@dlcmp/contract';
import { openNative, probeNative } from '../native-runtime';
import type { TensorEngineTable } from '../tensor-engine';

const by = 'framework';

const COMPUTED_BY: readonly ComputedPart[] = [
  {
    part: 'convolution',
    by,
    what: "TensorFlow's Conv2D and its gradients, by tfjs-node's kernels",
  },
  { part: 'matrix products', by, what: "TensorFlow's BatchMatMulV2" },
  { part: 'pooling', by, what: "TensorFlow's MaxPool and AvgPool, and their gradients" },
  { part: 'batch norm', by, what: "TensorFlow's reductions and elementwise operators" },
  { part: 'activations', by, what: "TensorFlow's elementwise operators" },
  { part: 'loss', by, what: "TensorFlow.js's logSoftmax" },
  { part: 'optimiser', by, what: "TensorFlow's elementwise operators, as in tf.train" },
];

/**
 * Native TensorFlow as tfjs-node calls it: op by op, by tfjs-node's own kernels, with none of this project's. The native
 * library is called through `@dlcmp/tensorflow` in the place of tfjs-node's compiled add-on.
 */
export const stockEngine: TensorEngineTable = {
  id: 'stock',
  title: 'TensorFlow.js, stock',
  devices: ['cpu'],
  computedBy: COMPUTED_BY,
  probe: probeNative,
  async open(modules, { threads }) {
    const { runtime } = await openNative(modules, { device: 'CPU', threads, stock: true });
    return runtime;
  },
};
