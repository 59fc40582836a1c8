import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import { TF_FLOAT } from '../binding/data-types';
import { type } from '../kernels/attributes';
import { holdInVariable } from '../kernels/variables';
import type { NodeBackend } from '../node-backend';
import type { TrainFunction } from './layers-model';
import type { TrainingGraph } from './training-graph';
import type { TrainingState } from './training-state';

/** A training step whose function is wanted. */
export interface TracedStep {
  readonly train: TrainFunction;
  readonly optimizer: Optimizer;
  readonly state: TrainingState;
  /** A batch of the size in question. */
  readonly data: readonly (Tensor | null)[];
}

/** Its graph, and which numbers there are the function's. */
export interface WrittenStep {
  readonly graph: TrainingGraph;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Writes a training step into a graph, where variables, batch and learning rate are inputs. */
export class StepWriter {
  readonly #backend: NodeBackend;
  readonly #graphBackend: NodeBackend;
  readonly #graph: TrainingGraph;

  constructor(backend: NodeBackend, graphBackend: NodeBackend, graph: TrainingGraph) {
    this.#backend = backend;
    this.#graphBackend = graphBackend;
    this.#graph = graph;
  }

  /** Leaves variables and optimiser changed. `rate` is the graph's. */
  write({ train, optimizer, state, data }: TracedStep, rate: number): WrittenStep {
    const batch = data.map((tensor) => tensor && this.#input(tensor));
    const constants = state.constants.map(([name, tensor]) => [name, this.#input(tensor)] as const);
    const handles = state.variables.map((variable) => this.#substitute(variable));
    const substitutes = state.variables.map(({ dataId }) => dataId);
    Object.assign(optimizer, Object.fromEntries(constants));
    if ('learningRate' in optimizer) Object.assign(optimizer, { learningRate: rate });
    this.#awaitGradients(optimizer);
    const outputs = this.#ids(train(batch));
    state.variables.forEach((variable, index) => {
      if (variable.dataId !== substitutes[index]) this.#assign(handles[index] as number, variable);
    });
    const given = [...batch.filter((tensor) => tensor !== null), ...constants.map(([, t]) => t)];
    const { rateInput } = this.#graph;
    const rateInputs = rateInput === undefined ? [] : [rateInput];
    const inputs = [...this.#ids(given), ...rateInputs, ...handles];
    return { graph: this.#graph, inputs, outputs };
  }

  #ids(tensors: readonly Tensor[]): number[] {
    return this.#graphBackend.getInputTensorIds(tensors);
  }

  #input({ dataId, shape }: Tensor): Tensor {
    const { dtype } = this.#backend.tensorMap.get(dataId);
    return this.#graphBackend.createOutputTensor(this.#graph.placeholder(dtype, shape));
  }

  /** Has a variable's data be what the graph's variable holds. Returns the number of its handle. */
  #substitute(variable: Variable): number {
    const { shape } = variable;
    const handle = this.#graph.variable(shape).id;
    const tensor = this.#graphBackend.createOutputTensor({ id: -1, shape, dtype: TF_FLOAT });
    holdInVariable(this.#graphBackend, tensor.dataId, { handle, shared: -1 });
    variable.assign(tensor);
    tensor.dispose();
    return handle;
  }

  #assign(handle: number, variable: Variable): void {
    const inputs = [handle, ...this.#ids([variable])];
    this.#graph.executeOp('AssignVariableOp', [type('dtype', TF_FLOAT)], inputs, 0);
  }

  /** Updates wait for every gradient: else weights that somebody has still to read would be copied. */
  #awaitGradients(optimizer: Optimizer): void {
    const { applyGradients } = optimizer;
    const isGiven = (tensor: Tensor | null | undefined) => tensor != null;
    Object.assign(optimizer, {
      applyGradients: (gradients: Parameters<Optimizer['applyGradients']>[0]) => {
        const tensors: (Tensor | null | undefined)[] = Array.isArray(gradients)
          ? gradients.map(({ tensor }) => tensor)
          : Object.values(gradients);
        this.#graph.runAfter(this.#ids(tensors.filter(isGiven) as Tensor[]));
        applyGradients.call(optimizer, gradients);
      },
    });
  }
}
