import { elementCount, type OptimizerSpec } from '@dlcmp/contract';
import type {
  CompiledFunction,
  FunctionInputs,
  FunctionTrace,
  FunctionVariable,
  OpenEngine,
} from '@dlcmp/tensorflow/engine';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { ModelParts } from '../../model/model-parts';
import { applyNetwork } from '../../network/apply-network';
import type { NamedTensors } from '../../network/operation';
import { inputArray, normaliseBytes } from '../../network/pixel-input';
import { softmaxCrossEntropy } from '../../network/softmax-cross-entropy';
import { isPlainAdam } from '../../optimizers/adam';
import { clipGradients } from '../../optimizers/clip-gradients';
import type { RateGroup } from '../../optimizers/rate-groups';
import type { TensorRule } from '../../optimizers/tensor-rule';
import type { TensorFlow } from '../../tensorflow-modules';

/** What a step's function is made for. */
export interface StepSettings {
  /** Images of a batch. */
  readonly size: number;
  readonly optimizer: OptimizerSpec;
  readonly gradientClipping: number | undefined;
  readonly rule: TensorRule;
  /** Each has numbers of its own. */
  readonly groups: readonly RateGroup[];
}

/** Arrays before the masks: pixels, targets, the optimiser's numbers. */
const FIRST_MASK = 3;

/** Numbers of TensorFlow's own Adam: rate, beta1, beta2, epsilon. */
const ADAM_NUMBERS = 4;

/**
 * One training step as a function of TensorFlow's, by way of the same operations that compute without it. Arrays: pixels,
 * targets as rows, the optimiser's numbers, the masks. Variables: for each weight itself and its moments; then the state.
 * Outputs: the loss, and the gradients' norm where they are clipped.
 */
export function compileStep(
  tf: TensorFlow,
  engine: OpenEngine,
  parts: ModelParts,
  settings: StepSettings,
): CompiledFunction {
  return engine.compile(stepInputs(parts, settings), (trace) => {
    const { network, plan } = parts;
    const [pixels, targets, numbers] = trace.arrays as [Tensor, Tensor, Tensor];
    const { weights: updated, state } = sortVariables(parts, settings, trace);
    const weights = Object.fromEntries(
      [...updated.map(({ name, weight }) => [name, weight] as const), ...state].map(
        ([name, variable]) => [name, trace.read(variable)],
      ),
    );
    const masks = Object.fromEntries(
      Object.keys(network.masks).map((name, index) => [
        name,
        trace.arrays[FIRST_MASK + index] as Tensor,
      ]),
    );
    const images = normaliseBytes(tf, pixels, network);
    const applied = applyNetwork(plan, images, { tf, weights, masks });
    const loss = softmaxCrossEntropy(tf, applied.logits, targets as Tensor2D);
    const whole = applied.backward(loss.backward());
    const { gradients, norm } =
      settings.gradientClipping === undefined
        ? { gradients: whole, norm: undefined }
        : clipGradients(tf, whole, settings.gradientClipping);
    const newState = state.map(
      ([name, variable]) => [variable, applied.state[name] as Tensor] as const,
    );
    applyUpdates(tf, trace, settings, { updated, weights, gradients, numbers, newState });
    return norm ? [loss.loss, norm] : [loss.loss];
  });
}

function stepInputs(
  { network, weights }: ModelParts,
  { size, optimizer, rule, groups }: StepSettings,
): FunctionInputs {
  const { classCount, masks } = network;
  const scalarCount = isPlainAdam(optimizer) ? ADAM_NUMBERS : rule.scalars(1, 0).length;
  return {
    arrays: [
      inputArray(network, size),
      { type: 'float32', shape: [size, classCount] },
      { type: 'float32', shape: [groups.length * scalarCount] },
      ...Object.values(masks).map(({ shape }) => ({
        type: 'uint8' as const,
        shape: [size, elementCount(shape)],
      })),
    ],
    variables: [
      ...Object.keys(network.weightShapes).flatMap((name) =>
        Array.from({ length: 1 + rule.moments.length }, () => weights.get(name)),
      ),
      ...Object.keys(network.stateShapes).map((name) => weights.get(name)),
    ],
  };
}

interface WeightVariables {
  readonly name: string;
  readonly weight: FunctionVariable;
  readonly moments: readonly FunctionVariable[];
}

function sortVariables(
  { network }: ModelParts,
  { rule }: StepSettings,
  { variables }: FunctionTrace,
) {
  const each = 1 + rule.moments.length;
  const names = Object.keys(network.weightShapes);
  const weights = names.map((name, index): WeightVariables => {
    const [weight, ...moments] = variables.slice(each * index, each * (index + 1));
    return { name, weight: weight as FunctionVariable, moments };
  });
  const state = Object.keys(network.stateShapes).map(
    (name, index) => [name, variables[each * names.length + index] as FunctionVariable] as const,
  );
  return { weights, state };
}

interface Updates {
  readonly updated: readonly WeightVariables[];
  /** As they were read. */
  readonly weights: NamedTensors;
  readonly gradients: NamedTensors;
  readonly numbers: Tensor;
  readonly newState: readonly (readonly [FunctionVariable, Tensor])[];
}

/** By TensorFlow's own Adam where it is one, else by the optimiser's rule. */
function applyUpdates(
  tf: TensorFlow,
  trace: FunctionTrace,
  { optimizer, rule, groups }: StepSettings,
  { updated, weights, gradients, numbers, newState }: Updates,
): void {
  const own = groups.length === 1 ? [numbers] : tf.split(numbers, groups.length);
  if (isPlainAdam(optimizer)) {
    trace.assign(newState);
    for (const [index, { names }] of groups.entries()) {
      const moved = updated.filter(({ name }) => names.includes(name));
      const adam = moved.map(({ name, weight, moments }) => {
        const [firstMoment, secondMoment] = moments as [FunctionVariable, FunctionVariable];
        return { weight, firstMoment, secondMoment, gradient: gradients[name] as Tensor };
      });
      trace.applyAdam(adam, own[index] as Tensor);
    }
    return;
  }
  const scalarsOf = groups.map((_, index) => tf.unstack(own[index] as Tensor));
  const values = updated.flatMap(({ name, weight, moments }) => {
    const scalars = scalarsOf[groups.findIndex(({ names }) => names.includes(name))] as Tensor[];
    const current = {
      weight: weights[name] as Tensor,
      moments: moments.map((moment) => trace.read(moment)),
    };
    const moved = rule.update(tf, current, gradients[name] as Tensor, scalars);
    return [
      [weight, moved.weight] as const,
      ...moments.map((moment, index) => [moment, moved.moments[index] as Tensor] as const),
    ];
  });
  trace.assign([...values, ...newState]);
}
