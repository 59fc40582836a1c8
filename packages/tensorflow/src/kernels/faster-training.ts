import type { AdamOptimizer, NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { replaceTrainFunction } from '../graph/traced-training';
import { currentNodeBackend as currentBackend, type NodeBackend } from '../node-backend';
import type { TensorFlow } from '../tensorflow-js';
import { applyAdamInPlace } from './adam';
import { differentiateDilated } from './corrected/dilated-convolutions';
import { replaceDropout } from './dropout-layer';
import { reluGradient } from './relu-gradient';

/*
 * What makes training by `model.fit` or an optimiser of tf.train faster: TensorFlow.js builds it of many small ops,
 * where TensorFlow has one. Everything falls back to TensorFlow.js's own way on other backends.
 */

const served = new WeakSet<TensorFlow>();

/**
 * Has `tf` use TensorFlow's own ops for ReLU's gradient and for Adam while one of our backends is current, and on a GPU take the
 * steps of `model.fit` as one function each.
 */
export function speedUpTraining(tf: TensorFlow): void {
  if (served.has(tf)) return;
  served.add(tf);
  differentiateDilated(tf);
  replaceReluGradient(tf);
  replaceAdam(tf);
  replaceDropout(tf);
  replaceTrainFunction(tf);
}

function replaceReluGradient(tf: TensorFlow): void {
  const stock = tf.getGradient(tf.Relu);
  if (!stock) return;
  tf.unregisterGradient(tf.Relu);
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attributes) => {
      const backend = currentBackend(tf);
      const [x] = saved as [Tensor];
      if (!backend) return stock.gradFunc(dy, saved, attributes);
      return { x: () => reluGradient(backend, { dy: dy as Tensor, y: x }) };
    },
  });
}

/** An optimiser's own notes, which tf.train.AdamOptimizer keeps from TypeScript alone. */
interface AdamNotes {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
  accumulatedFirstMoment: Moment[];
  accumulatedSecondMoment: Moment[];
}

interface Moment {
  readonly originalName: string;
  readonly variable: Variable;
}

type Gradients = Parameters<AdamOptimizer['applyGradients']>[0];

function replaceAdam(tf: TensorFlow): void {
  const { prototype } = tf.AdamOptimizer;
  const stock = prototype.applyGradients;
  prototype.applyGradients = function applyGradients(this: AdamOptimizer, gradients) {
    const backend = currentBackend(tf);
    const pairs = backend && weightsWithGradients(tf, backend, gradients);
    if (backend && pairs) step(tf, backend, this, pairs);
    else stock.call(this, gradients);
  };
}

/** A variable and its gradient. */
type Pair = readonly [name: string, weight: Variable, gradient: Tensor];

/** Undefined where a variable cannot be updated in place: it has no gradient, is not float32, or shares its data. */
function weightsWithGradients(
  tf: TensorFlow,
  backend: NodeBackend,
  gradients: Gradients,
): Pair[] | undefined {
  const named = Array.isArray(gradients)
    ? gradients.map(({ name, tensor }) => [name, tensor] as const)
    : Object.entries(gradients as NamedTensorMap);
  const variables = tf.engine().registeredVariables;
  const pairs = named.map(([name, gradient]) => [name, variables[name], gradient] as Pair);
  const inPlace = pairs.every(
    ([, weight, gradient]) =>
      gradient && weight.dtype === 'float32' && backend.refCount(weight.dataId) === 1,
  );
  return inPlace ? pairs : undefined;
}

function step(
  tf: TensorFlow,
  backend: NodeBackend,
  optimizer: AdamOptimizer,
  pairs: readonly Pair[],
): void {
  const notes = optimizer as unknown as AdamNotes;
  const { beta1, beta2, epsilon, learningRate, accBeta1, accBeta2 } = notes;
  tf.tidy(() => {
    // TensorFlow.js divides the moments by the corrections, and then adds epsilon to the root. Nothing is read back:
    // it would hold a GPU up.
    const correctedEpsilon = tf.mul(tf.sqrt(tf.sub(1, accBeta2)), epsilon);
    const tensors = [accBeta1, accBeta2, learningRate, beta1, beta2, correctedEpsilon];
    const [power1, power2, rate, first, second, added] = backend.getInputTensorIds(
      tensors.map((value) => (typeof value === 'number' ? tf.scalar(value) : value)),
    ) as [number, number, number, number, number, number];
    const scalars = { power1, power2, rate, beta1: first, beta2: second, epsilon: added };
    pairs.forEach(([name, weight, gradient], index) => {
      const firstMoment = momentOf(tf, notes.accumulatedFirstMoment, index, `${name}/m`, weight);
      const secondMoment = momentOf(tf, notes.accumulatedSecondMoment, index, `${name}/v`, weight);
      applyAdamInPlace(backend, { weight, firstMoment, secondMoment }, gradient, scalars);
    });
  });
  tf.tidy(() => {
    notes.accBeta1.assign(tf.mul(notes.accBeta1, beta1));
    notes.accBeta2.assign(tf.mul(notes.accBeta2, beta2));
  });
  countStep(optimizer);
}

/** The moment at `index`, made of zeros where TensorFlow.js would make it. */
function momentOf(
  tf: TensorFlow,
  moments: Moment[],
  index: number,
  originalName: string,
  weight: Variable,
): Variable {
  moments[index] ??= {
    originalName,
    variable: tf.tidy(() => tf.variable(tf.zerosLike(weight), false)),
  };
  return moments[index].variable;
}

function countStep(optimizer: AdamOptimizer): void {
  (optimizer as unknown as { incrementIterations(): void }).incrementIterations();
}
