import { adamFactors, type OptimizerSpec } from '@dlcmp/contract';
import { type KernelCall, kernelCalls } from '@dlcmp/kernels';

/** Addresses of weights, their gradients and what the optimiser remembers of them, in the rule's order. */
export interface UpdatedAddresses {
  readonly weights: number;
  readonly gradients: number;
  readonly moments: readonly number[];
}

/** A call that moves the values `first` to `last` (exclusive) by one step. */
export type UpdateCall = (addresses: UpdatedAddresses, first: number, last: number) => KernelCall;

/**
 * How an optimiser moves weights in its step number `step`, from 1.
 *
 * @param gradientScale multiplies each gradient first
 */
export function updateCall(
  spec: OptimizerSpec,
  step: number,
  learningRate: number,
  gradientScale: number,
): UpdateCall {
  if (spec.kind === 'sgd') return sgdCall(spec, learningRate, gradientScale);
  const factors = { ...adamFactors(step, learningRate, spec), gradientScale };
  return ({ weights, gradients, moments: [firstMoment, secondMoment] }, first, last) =>
    kernelCalls.adam({
      ...{ weights, gradients, first, last, ...factors },
      firstMoment: firstMoment as number,
      secondMoment: secondMoment as number,
    });
}

function sgdCall(
  { momentum, nesterov, weightDecay }: OptimizerSpec & { kind: 'sgd' },
  learningRate: number,
  gradientScale: number,
): UpdateCall {
  const direct = nesterov || momentum === 0 ? 1 : 0;
  const along = nesterov ? momentum : 1;
  const factors = { gradientScale, weightDecay, momentum, direct, along, learningRate };
  return ({ weights, gradients, moments: [velocity = 0] }, first, last) =>
    kernelCalls.sgd({ weights, gradients, velocity, first, last, ...factors });
}
