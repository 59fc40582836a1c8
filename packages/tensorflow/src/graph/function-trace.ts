import type { Tensor } from '@tensorflow/tfjs-core';
import { TF_FLOAT, TF_UINT8 } from '../binding/data-types';
import type { TensorMetadata } from '../binding/native-binding';
import { bool, integer, type } from '../kernels/attributes';
import type { NodeBackend } from '../node-backend';
import type { GraphBinding } from './graph-binding';

/** An array of numbers that a function takes. */
export interface ArrayInput {
  readonly type: 'uint8' | 'float32';
  readonly shape: readonly number[];
}

/** Something that has the shape of an argument; a tensor will do. */
export interface Shaped {
  readonly shape: readonly number[];
}

/** What a function takes. Tensors are float32. */
export interface FunctionInputs {
  readonly arrays: readonly ArrayInput[];
  /** Tensors that it reads. */
  readonly tensors?: readonly Shaped[];
  /** Tensors that it may update in place. */
  readonly variables?: readonly Shaped[];
}

/** A variable inside of the function. */
export interface FunctionVariable {
  readonly shape: readonly number[];
  /** The number of its handle in the graph. */
  readonly id: number;
}

/** A weight and its running moments inside of the function, and the gradient to update them by. */
export interface AdamUpdate {
  readonly weight: FunctionVariable;
  readonly firstMoment: FunctionVariable;
  readonly secondMoment: FunctionVariable;
  readonly gradient: Tensor;
}

/** Numbers of {@link FunctionTrace.applyAdam}'s last argument: rate, beta1, beta2, epsilon. */
const ADAM_NUMBERS = 4;

const TYPES = { uint8: TF_UINT8, float32: TF_FLOAT };

/** The inside of a function while TensorFlow.js's own operations write it. */
export class FunctionTrace {
  /** The arrays as float32, in the order of the inputs. */
  readonly arrays: readonly Tensor[];
  readonly tensors: readonly Tensor[];
  readonly variables: readonly FunctionVariable[];
  /** Numbers of the function's inputs in the graph. */
  readonly inputs: readonly number[];
  readonly #backend: NodeBackend;
  readonly #graph: GraphBinding;

  constructor(
    backend: NodeBackend,
    graph: GraphBinding,
    { arrays, tensors = [], variables = [] }: FunctionInputs,
  ) {
    this.#backend = backend;
    this.#graph = graph;
    const given = arrays.map((array) => graph.placeholder(TYPES[array.type], array.shape));
    const values = tensors.map(({ shape }) => graph.placeholder(TF_FLOAT, shape));
    this.arrays = given.map((metadata, index) =>
      arrays[index]?.type === 'uint8' ? this.#asFloats(metadata) : this.#tensor(metadata),
    );
    this.tensors = values.map((metadata) => this.#tensor(metadata));
    this.variables = variables.map(({ shape }) => ({ shape, id: graph.variable(shape).id }));
    this.inputs = [...given, ...values, ...this.variables].map(({ id }) => id);
  }

  /** What a variable holds at this point. */
  read({ id }: FunctionVariable): Tensor {
    const [value] = this.#graph.executeOp('ReadVariableOp', [type('dtype', TF_FLOAT)], [id], 1);
    return this.#tensor(value as TensorMetadata);
  }

  /**
   * Updates each weight and its moments in place, once every gradient is there (else a weight that has still to be read would
   * be copied): weight -= rate · firstMoment / (√secondMoment + epsilon).
   *
   * @param numbers a tensor of rate, beta1, beta2 and epsilon, with the corrections of the moments' bias taken in
   */
  applyAdam(updates: readonly AdamUpdate[], numbers: Tensor): void {
    const gradients = this.ids(updates.map(({ gradient }) => gradient));
    const unpack = [integer('num', ADAM_NUMBERS), type('T', TF_FLOAT), integer('axis', 0)];
    const scalars = this.#graph.executeOp('Unpack', unpack, this.ids([numbers]), ADAM_NUMBERS);
    // TensorFlow would work the bias corrections out of the powers of the betas: at 0 they are 1.
    const noPower = this.#graph.createTensor([], TF_FLOAT, Float32Array.of(0));
    this.#graph.runAfter(gradients);
    const attributes = [type('T', TF_FLOAT), bool('use_locking', false)];
    updates.forEach(({ weight, firstMoment, secondMoment }, index) => {
      this.#graph.operation('ResourceApplyAdam', attributes, [
        ...[weight.id, firstMoment.id, secondMoment.id, noPower, noPower],
        ...[...scalars.map(({ id }) => id), gradients[index] as number],
      ]);
    });
  }

  /** Has each variable hold a value, once all of the values are there. */
  assign(values: readonly (readonly [FunctionVariable, Tensor])[]): void {
    const ids = this.ids(values.map(([, value]) => value));
    this.#graph.runAfter(ids);
    values.forEach(([{ id }], index) => {
      const inputs = [id, ids[index] as number];
      this.#graph.operation('AssignVariableOp', [type('dtype', TF_FLOAT)], inputs);
    });
  }

  /** Numbers of tensors in the graph. */
  ids(tensors: readonly Tensor[]): number[] {
    return this.#backend.getInputTensorIds(tensors);
  }

  #tensor(metadata: TensorMetadata): Tensor {
    return this.#backend.createOutputTensor(metadata);
  }

  /** A uint8 value of the graph, which TensorFlow.js has no type for, as float32. */
  #asFloats({ id, shape }: TensorMetadata): Tensor {
    const attributes = [type('SrcT', TF_UINT8), type('DstT', TF_FLOAT), bool('Truncate', false)];
    const [cast] = this.#graph.executeOp('Cast', attributes, [id], 1) as [TensorMetadata];
    return this.#tensor({ ...cast, shape });
  }
}
