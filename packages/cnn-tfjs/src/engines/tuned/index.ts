import { type ComputedPart, hasAvx512 } from '@dlcmp/contract';
import type { EngineOptions } from '@dlcmp/tensorflow/engine';
import type { TensorFlowModules } from '../../tensorflow-modules';
import { adamNumbers, openNative, probeNative } from '../native-runtime';
import type { TensorFlowRuntime } from '../runtime';
import type { TensorEngineTable } from '../tensor-engine';
import { CompiledTensorFlow } from './compiled-tensorflow';

/** With AVX-512 oneDNN's convolutions are faster than tiles, and taken. */
const CONVOLUTION: ComputedPart =
  hasAvx512() === false && process.platform !== 'win32'
    ? {
        part: 'convolution',
        by: 'dlcmp',
        what: "Winograd tiles of dlcmp for 3×3, with oneDNN's products; else oneDNN's convolutions; on CUDA TensorFlow's own",
      }
    : {
        part: 'convolution',
        by: 'framework',
        what: "oneDNN's, in TensorFlow, asked for by their own names; on CUDA TensorFlow's own",
      };

const COMPUTED_BY: readonly ComputedPart[] = [
  CONVOLUTION,
  { part: 'matrix products', by: 'framework', what: "oneDNN's, in TensorFlow" },
  {
    part: 'pooling',
    by: 'framework',
    what: "TensorFlow's, with the maxima's places kept for the gradient",
  },
  {
    part: 'batch norm',
    by: 'framework',
    what: "TensorFlow's reductions and elementwise operators",
  },
  {
    part: 'activations',
    by: 'framework',
    what: "TensorFlow's, in one pass with convolutions where they can be",
  },
  { part: 'loss', by: 'framework', what: "TensorFlow.js's logSoftmax" },
  {
    part: 'optimiser',
    by: 'framework',
    what: "TensorFlow's ResourceApplyAdam in place; others by elementwise operators",
  },
  {
    part: 'scheduling',
    by: 'dlcmp',
    what: 'dispatch by dlcmp; on CUDA a whole step as one TensorFlow function that dlcmp writes',
  },
];

/** Native TensorFlow with what this project adds to it, on the CPU or on the first NVIDIA GPU. */
export const tunedEngine: TensorEngineTable = {
  id: 'tuned',
  title: 'TensorFlow.js tuned by dlcmp',
  devices: ['cpu', 'cuda'],
  computedBy: COMPUTED_BY,
  probe: probeNative,
  open: (modules, { device, threads }) =>
    device === 'cuda'
      ? openTuned(modules, { device: 'GPU', threads, asynchronous: true })
      : openTuned(modules, { device: 'CPU', threads }),
};

/** A runtime on native TensorFlow; steps and batches are functions of TensorFlow's where it is asynchronous. */
export async function openTuned(
  modules: TensorFlowModules,
  options: EngineOptions,
): Promise<TensorFlowRuntime> {
  const { engine, runtime } = await openNative(modules, options);
  const { core: tf } = modules;
  if (options.asynchronous) {
    const compile = (parts: ConstructorParameters<typeof CompiledTensorFlow>[2]) =>
      new CompiledTensorFlow(tf, engine, parts);
    return { ...runtime, blocks: 'pooled-first', compile };
  }
  return {
    ...runtime,
    blocks: 'fused',
    applyAdam: (state, gradient, factors) =>
      engine.applyAdam(state, gradient, adamNumbers(factors)),
  };
}
