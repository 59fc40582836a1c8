import type { CnnArchitecture, ModelSpec } from '@dlcmp/contract';
import type {
  AdamUpdate,
  CompiledFunction,
  FunctionInputs,
  FunctionTrace,
  FunctionVariable,
  OpenEngine,
} from '@dlcmp/tensorflow/engine';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../../network/operation';
import { normaliseBytes } from '../../network/pixel-input';
import { simpleCnn } from '../../network/simple-cnn';
import { crossEntropy } from '../../network/softmax-cross-entropy';
import type { TensorFlow } from '../../tensorflow-modules';

/** A weight and its running moments. */
const VARIABLES_PER_WEIGHT = 3;

/**
 * One training step on batches of `size` as a function of TensorFlow's, by way of the same layers that compute without it.
 * Arrays: pixels, kept units, targets as one-hot rows, and Adam's rate, beta1, beta2 and epsilon. Variables: for each weight
 * itself and its two moments. Output: the loss.
 */
export function compileStep(
  tf: TensorFlow,
  engine: OpenEngine,
  spec: ModelSpec & CnnArchitecture,
  weights: NamedTensors,
  size: number,
): CompiledFunction {
  const names = Object.keys(weights);
  return engine.compile(stepInputs(spec, weights, size), (trace) => {
    const [pixels, keep, targets, numbers] = trace.arrays as [Tensor, Tensor, Tensor, Tensor];
    const variables = names.map((_, index) => weightVariables(trace, index));
    const values = variables.map(({ weight }, index) => [names[index], trace.read(weight)]);
    const context = {
      tf,
      weights: Object.fromEntries(values) as NamedTensors,
      dropoutKeep: keep,
      poolFirst: true,
    };
    const images = normaliseBytes(tf, pixels as Tensor4D);
    const { output, backward } = simpleCnn(spec)(images, context);
    const { loss, backward: lossGradient } = crossEntropy(
      tf,
      output as Tensor2D,
      targets as Tensor2D,
    );
    const gradients = backward(lossGradient());
    const updates = names.map((name, index) => ({
      ...(variables[index] as WeightVariables),
      gradient: gradients[name] as Tensor,
    }));
    trace.applyAdam(updates, numbers);
    return [loss];
  });
}

function stepInputs(
  { inputHeight, inputWidth, hiddenUnits, classNames }: ModelSpec & CnnArchitecture,
  weights: NamedTensors,
  size: number,
): FunctionInputs {
  return {
    arrays: [
      { type: 'uint8', shape: [size, inputHeight, inputWidth, 3] },
      { type: 'uint8', shape: [size, hiddenUnits] },
      { type: 'float32', shape: [size, classNames.length] },
      { type: 'float32', shape: [4] },
    ],
    variables: Object.values<Tensor>(weights).flatMap((weight) =>
      Array.from({ length: VARIABLES_PER_WEIGHT }, () => weight),
    ),
  };
}

type WeightVariables = Omit<AdamUpdate, 'gradient'>;

function weightVariables({ variables }: FunctionTrace, index: number): WeightVariables {
  const [weight, firstMoment, secondMoment] = variables.slice(
    VARIABLES_PER_WEIGHT * index,
    VARIABLES_PER_WEIGHT * (index + 1),
  ) as [FunctionVariable, FunctionVariable, FunctionVariable];
  return { weight, firstMoment, secondMoment };
}
