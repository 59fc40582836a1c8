import type { Optimizer, Scalar, Variable } from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import { type } from '../kernels/attributes';
import { lend } from '../kernels/variables';
import type { NodeBackend } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import type { TracedStep } from './step-writer';
import type { TrainingFunction } from './trace-training';

/** Takes a step by its function. Returns the loss, and kept tensors of metrics, as tf.layers does. */
export function runTraining(
  tf: TensorFlow,
  backend: NodeBackend,
  { run, takesRate }: TrainingFunction,
  { optimizer, state, data }: TracedStep,
): Scalar[] {
  const { binding } = backend;
  const handles = state.variables.map((variable) => lendAlone(backend, variable));
  const batch = data.filter((tensor) => tensor !== null);
  const constants = state.constants.map(([, value]) => value);
  const rates = takesRate ? [binding.createTensor([], TF_FLOAT, rateOf(optimizer))] : [];
  const ids = [...backend.getInputTensorIds([...batch, ...constants]), ...rates, ...handles];
  try {
    const outputs = run.run(ids.map((id) => binding.handleOf(id)));
    const tensors = outputs.map((handle) => backend.createOutputTensor(binding.adopt(handle)));
    for (const metric of tensors.slice(1)) tf.keep(metric);
    countStep(optimizer);
    return tensors as Scalar[];
  } finally {
    for (const rate of rates) binding.deleteTensor(rate);
  }
}

/** Lends a variable's data, which is copied first where others have it, too: they shall not see it change. */
function lendAlone(backend: NodeBackend, variable: Variable): number {
  if (backend.refCount(variable.dataId) > 1) {
    const copy = backend.executeSingleOutput('Identity', [type('T', TF_FLOAT)], [variable]);
    variable.assign(copy);
    copy.dispose();
  }
  return lend(backend, variable).handle;
}

function rateOf(optimizer: Optimizer): Float32Array {
  return Float32Array.of((optimizer as unknown as { learningRate: number }).learningRate);
}

function countStep(optimizer: Optimizer): void {
  (optimizer as unknown as { incrementIterations(): void }).incrementIterations();
}
