import type { Tensor } from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import type { NodeBackend } from '../node-backend';
import { bool, type } from './attributes';
import { lend } from './variables';

/** What Adam updates: a weight and its running moments. */
export interface AdamTensors {
  readonly weight: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

/**
 * weight -= rate · √(1 - power2) / (1 - power1) · firstMoment / (√secondMoment + epsilon), each a tensor of one number
 * in the binding, on the weights' device.
 */
export interface AdamScalars {
  readonly power1: number;
  readonly power2: number;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * One step of Adam in one op, in place: the data of the three tensors is changed, also for whoever shares it.
 *
 * TensorFlow holds the tensors as variables, and nobody else holds them: else it would copy them first. They are read when
 * somebody asks for their data, which nobody does for moments.
 */
export function applyAdamInPlace(
  backend: NodeBackend,
  { weight, firstMoment, secondMoment }: AdamTensors,
  gradient: Tensor,
  { power1, power2, rate, beta1, beta2, epsilon }: AdamScalars,
): void {
  const { binding } = backend;
  const [gradientId] = backend.getInputTensorIds([gradient]);
  const variables = [weight, firstMoment, secondMoment].map((tensor) => lend(backend, tensor));
  const scalars = [power1, power2, rate, beta1, beta2, epsilon];
  const inputs = [...variables.map(({ handle }) => handle), ...scalars, gradientId as number];
  binding.executeOp(
    'ResourceApplyAdam',
    [type('T', TF_FLOAT), bool('use_locking', false)],
    inputs,
    0,
  );
}

/** Adam's numbers, with the corrections of the moments' bias taken into rate and epsilon. */
export interface AdamNumbers {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** TensorFlow would work the corrections out of the powers of the betas: at 0 they are 1. */
const NO_CORRECTION = 0;

/** weight -= rate · firstMoment / (√secondMoment + epsilon), after the moments have taken the gradient in; all in place. */
export function applyAdam(
  backend: NodeBackend,
  tensors: AdamTensors,
  gradient: Tensor,
  { rate, beta1, beta2, epsilon }: AdamNumbers,
): void {
  const { binding } = backend;
  const ids = [NO_CORRECTION, rate, beta1, beta2, epsilon].map((value) =>
    binding.createTensor([], TF_FLOAT, Float32Array.of(value)),
  ) as [number, number, number, number, number];
  const [power, rateId, first, second, added] = ids;
  const powers = { power1: power, power2: power };
  const scalars = { ...powers, rate: rateId, beta1: first, beta2: second, epsilon: added };
  try {
    applyAdamInPlace(backend, tensors, gradient, scalars);
  } finally {
    for (const id of ids) binding.deleteTensor(id);
  }
}
