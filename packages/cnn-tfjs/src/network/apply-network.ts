import { IMAGE } from '@dlcmp/contract';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { AppliedOperation, NamedTensors, OperationContext } from './operation';
import type { PlannedOperation } from './operation-plan';

/** A network's output for one batch, what training makes of its state, and a way to its gradient. */
export interface AppliedNetwork {
  readonly logits: Tensor2D;
  readonly state: NamedTensors;
  /** The gradient of each weight, given that of the logits. */
  backward(logitsGradient: Tensor): NamedTensors;
}

/** Runs the operations of a network on normalised images, or on features. */
export function applyNetwork(
  plan: readonly PlannedOperation[],
  images: Tensor,
  context: OperationContext,
): AppliedNetwork {
  const values = new Map<string, Tensor>([[IMAGE, images]]);
  const applied = plan.map((planned): AppliedStep => {
    const inputs = planned.inputs.map((name) => values.get(name) as Tensor);
    const result = planned.operation(inputs, context);
    values.set(planned.output, result.output);
    return { ...planned, result };
  });
  const last = plan.at(-1) as PlannedOperation;
  return {
    logits: values.get(last.output) as Tensor2D,
    state: Object.assign({}, ...applied.map(({ result }) => result.state)),
    backward: (gradient) => chainRule(applied, last.output, gradient, context),
  };
}

/** The logits alone; what no operation reads any more is freed. */
export function inferLogits(
  plan: readonly PlannedOperation[],
  images: Tensor,
  context: Omit<OperationContext, 'masks' | 'forwardOnly'>,
): Tensor2D {
  const values = new Map<string, Tensor>([[IMAGE, images]]);
  plan.forEach(({ inputs, output, operation }, index) => {
    const read = inputs.map((name) => values.get(name) as Tensor);
    const { output: result } = operation(read, { ...context, forwardOnly: true });
    values.set(output, result);
    const later = new Set(plan.slice(index + 1).flatMap((planned) => planned.inputs));
    for (const name of inputs.filter((input) => !later.has(input))) {
      const value = values.get(name);
      values.delete(name);
      // An operation may hand on what it was given.
      if (value && ![...values.values()].includes(value)) value.dispose();
    }
  });
  return values.get((plan.at(-1) as PlannedOperation).output) as Tensor2D;
}

interface AppliedStep extends PlannedOperation {
  readonly result: AppliedOperation;
}

/** Walks back from the last operation. The images are no weights, so that nobody asks for their gradient. */
function chainRule(
  applied: readonly AppliedStep[],
  last: string,
  lastGradient: Tensor,
  { tf }: OperationContext,
): NamedTensors {
  const gradients: Record<string, Tensor> = {};
  const arrived = new Map<string, readonly (() => Tensor)[]>([[last, [() => lastGradient]]]);
  for (const { output, inputs, result } of applied.toReversed()) {
    const [first, ...others] = (arrived.get(output) ?? []).map((gradient) => gradient());
    if (!first) continue;
    const sum = others.reduce((total, gradient) => tf.add(total, gradient), first);
    const back = result.backward(sum);
    Object.assign(gradients, back.weights);
    inputs.forEach((name, index) => {
      if (name === IMAGE) return;
      const gradient = back.inputs[index] as () => Tensor;
      arrived.set(name, [...(arrived.get(name) ?? []), gradient]);
    });
  }
  return gradients;
}
