import type { CnnArchitecture, ModelSpec } from '@dlcmp/contract';
import {
  bool,
  bytesToFloats,
  type GraphBinding,
  integer,
  type NodeBackend,
  type StepFunction,
  type TensorFlowEngine,
  type TensorMetadata,
  TF_FLOAT,
  TF_UINT8,
  traceFunction,
  type,
} from '@dlcmp/tensorflow/engine';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../../layers/layer';
import { crossEntropy } from '../../layers/softmax-cross-entropy';
import { normaliseBytes } from '../../model/pixel-input';
import { simpleCnn } from '../../model/simple-cnn';
import type { TensorFlow } from '../../tensorflow-modules';

/** Numbers that Adam takes at each step: rate, beta1, beta2, epsilon. */
const ADAM_NUMBERS = 4;

/**
 * One training step on batches of `size` as a function of TensorFlow's, by way of the same layers that compute without it.
 * Inputs: pixels and kept units (uint8), targets as one-hot rows, Adam's numbers, and for each weight the variables of the
 * weight and of its moments. Output: the loss.
 */
export function traceStep(
  tf: TensorFlow,
  engine: TensorFlowEngine,
  spec: ModelSpec & CnnArchitecture,
  weights: NamedTensors,
  size: number,
): StepFunction {
  return traceFunction(tf, engine, (backend, graph) =>
    new StepTrace(tf, backend, graph, spec, size).trace(weights),
  );
}

/** The variables of one weight in the graph. */
interface WeightVariables {
  readonly name: string;
  readonly shape: readonly number[];
  readonly variables: readonly [weight: number, firstMoment: number, secondMoment: number];
}

class StepTrace {
  readonly #tf: TensorFlow;
  readonly #backend: NodeBackend;
  readonly #graph: GraphBinding;
  readonly #spec: ModelSpec & CnnArchitecture;
  readonly #size: number;

  constructor(
    tf: TensorFlow,
    backend: NodeBackend,
    graph: GraphBinding,
    spec: ModelSpec & CnnArchitecture,
    size: number,
  ) {
    this.#tf = tf;
    this.#backend = backend;
    this.#graph = graph;
    this.#spec = spec;
    this.#size = size;
  }

  trace(weights: NamedTensors) {
    const { inputHeight, inputWidth, hiddenUnits, classNames } = this.#spec;
    const size = this.#size;
    const pixels = this.#graph.placeholder(TF_UINT8, [size, inputHeight, inputWidth, 3]);
    const keep = this.#graph.placeholder(TF_UINT8, [size, hiddenUnits]);
    const target = this.#graph.placeholder(TF_FLOAT, [size, classNames.length]);
    const numbers = this.#graph.placeholder(TF_FLOAT, [ADAM_NUMBERS]);
    const variables = Object.entries<Tensor>(weights).map(([name, { shape }]) =>
      this.#weightVariables(name, shape),
    );
    const read = Object.fromEntries(
      variables.map((weight) => [weight.name, this.#readVariable(weight)]),
    );
    const { loss, gradients } = this.#differentiate(read, pixels, keep, target);
    this.#applyAdam(variables, gradients, numbers.id);
    const inputs = [pixels.id, keep.id, target.id, numbers.id];
    return {
      inputs: [...inputs, ...variables.flatMap((weight) => weight.variables)],
      outputs: this.#ids([loss]),
      effects: this.#graph.effects,
    };
  }

  #weightVariables(name: string, shape: readonly number[]): WeightVariables {
    const variable = () => this.#graph.variable(shape).id;
    return { name, shape, variables: [variable(), variable(), variable()] };
  }

  #readVariable({ variables: [weight] }: WeightVariables): Tensor {
    const dtype = type('dtype', TF_FLOAT);
    const [value] = this.#graph.executeOp('ReadVariableOp', [dtype], [weight], 1);
    return this.#backend.createOutputTensor(value as TensorMetadata);
  }

  #differentiate(
    weights: NamedTensors,
    pixels: TensorMetadata,
    keep: TensorMetadata,
    target: TensorMetadata,
  ): { loss: Tensor; gradients: NamedTensors } {
    const tf = this.#tf;
    const images = normaliseBytes(tf, this.#asFloats(pixels) as Tensor4D);
    const dropoutKeep = this.#asFloats(keep);
    const context = { tf, weights, dropoutKeep, poolFirst: true };
    const { output, backward } = simpleCnn(this.#spec)(images, context);
    const targets = this.#backend.createOutputTensor(target) as Tensor2D;
    const { loss, backward: lossGradient } = crossEntropy(tf, output as Tensor2D, targets);
    return { loss, gradients: backward(lossGradient()) };
  }

  #asFloats(bytes: TensorMetadata): Tensor {
    return bytesToFloats(this.#backend, bytes);
  }

  /** Once every gradient is there: else a weight that somebody has still to read would be copied. */
  #applyAdam(
    variables: readonly WeightVariables[],
    gradients: NamedTensors,
    numbers: number,
  ): void {
    const gradientIds = this.#ids(variables.map(({ name }) => gradients[name] as Tensor));
    const unpack = [integer('num', ADAM_NUMBERS), type('T', TF_FLOAT), integer('axis', 0)];
    const scalars = this.#graph.executeOp('Unpack', unpack, [numbers], ADAM_NUMBERS);
    // TensorFlow would work the bias corrections out of the powers of the betas: at 0 they are 1.
    const noPower = this.#graph.createTensor([], TF_FLOAT, Float32Array.of(0));
    this.#graph.runAfter(gradientIds);
    variables.forEach((weight, index) => {
      this.#graph.operation(
        'ResourceApplyAdam',
        [type('T', TF_FLOAT), bool('use_locking', false)],
        [
          ...[...weight.variables, noPower, noPower],
          ...[...scalars.map(({ id }) => id), gradientIds[index] as number],
        ],
      );
    });
  }

  #ids(tensors: readonly Tensor[]): number[] {
    return this.#backend.getInputTensorIds(tensors);
  }
}
