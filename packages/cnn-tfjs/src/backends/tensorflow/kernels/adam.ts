import type { Tensor } from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import type { NodeBackend, TensorData } from '../node-backend';
import { bool, shape, text, type } from './attributes';

/** What Adam updates: a weight and its running moments. */
export interface AdamTensors {
  readonly weight: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

/** weight -= rate · firstMoment / (√secondMoment + epsilon), bias corrections being part of the rate. */
export interface AdamRates {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** TensorFlow's name for a variable that lives as long as its handle. */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** TensorFlow would work the bias corrections out of the powers of the betas: at 0 they are 1. */
const NO_CORRECTION = 0;

/**
 * One step of Adam in one op, in place: the data of the three tensors is changed, also for whoever shares it.
 *
 * For the time of the step TensorFlow holds the tensors as variables, and nobody else holds them: else it
 * would copy them first.
 */
export function applyAdamInPlace(
  backend: NodeBackend,
  { weight, firstMoment, secondMoment }: AdamTensors,
  gradient: Tensor,
  { rate, beta1, beta2, epsilon }: AdamRates,
): void {
  const { binding } = backend;
  const [gradientId] = backend.getInputTensorIds([gradient]);
  const variables = [weight, firstMoment, secondMoment].map((tensor) => lend(backend, tensor));
  const scalars = [NO_CORRECTION, NO_CORRECTION, rate, beta1, beta2, epsilon].map((value) =>
    binding.createTensor([], TF_FLOAT, Float32Array.of(value)),
  );
  const inputs = [...variables.map(({ handle }) => handle), ...scalars, gradientId as number];
  try {
    binding.executeOp(
      'ResourceApplyAdam',
      [type('T', TF_FLOAT), bool('use_locking', false)],
      inputs,
      0,
    );
  } finally {
    for (const scalar of scalars) binding.deleteTensor(scalar);
    for (const variable of variables) takeBack(backend, variable);
  }
}

/** A tensor's data, while a variable holds it. */
interface LentTensor {
  readonly data: TensorData;
  /** Number of the variable's handle. */
  readonly handle: number;
}

function lend(backend: NodeBackend, tensor: Tensor): LentTensor {
  const { binding, tensorMap } = backend;
  const [id] = backend.getInputTensorIds([tensor]) as [number];
  const dtype = type('dtype', TF_FLOAT);
  const attributes = [dtype, shape('shape', tensor.shape), text('shared_name', ANONYMOUS)];
  const [variable] = binding.executeOp('VarHandleOp', attributes, [], 1);
  const handle = variable?.id as number;
  binding.executeOp('AssignVariableOp', [dtype], [handle, id], 0);
  binding.deleteTensor(id);
  return { data: tensorMap.get(tensor.dataId), handle };
}

function takeBack({ binding }: NodeBackend, { data, handle }: LentTensor): void {
  const [value] = binding.executeOp('ReadVariableOp', [type('dtype', TF_FLOAT)], [handle], 1);
  data.id = value?.id as number;
  binding.deleteTensor(handle);
}
