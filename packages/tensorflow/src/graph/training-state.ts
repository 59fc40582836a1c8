import type { Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../tensorflow-js';
import type { LayersModel, LayerVariable } from './layers-model';
import { layersOf } from './layers-model';

/** What a training step reads and writes besides its batch. */
export interface TrainingState {
  /** Weights, moments, and whatever else the optimiser updates. */
  readonly variables: readonly Variable[];
  /** Tensors that the optimiser only reads, by the names of its properties. */
  readonly constants: readonly (readonly [name: string, value: Tensor])[];
}

/** Numbers of an optimiser that change without a step becoming another one. */
const CHANGING = ['learningRate', 'iterations_'];

/** The state of training `weights` with `optimizer`, in the same order at each step. */
export function trainingState(
  tf: TensorFlow,
  weights: readonly LayerVariable[],
  optimizer: Optimizer,
): TrainingState {
  const variables = weights.map((weight) => weight.read());
  const constants: [string, Tensor][] = [];
  const isVariable = (value: unknown): value is Variable => value instanceof tf.Variable;
  for (const [name, value] of Object.entries(optimizer)) {
    if (isVariable(value)) variables.push(value);
    else if (value instanceof tf.Tensor) constants.push([name, value]);
    else if (Array.isArray(value)) {
      variables.push(...value.map(({ variable }) => variable).filter(isVariable));
    }
  }
  return { variables, constants };
}

/**
 * Everything that decides what a training step computes besides numbers of tensors: two equal lists, the same step.
 * Settings of layers and of the optimiser are JavaScript's, which a graph would freeze.
 */
export function trainingConfiguration(model: LayersModel, backend: unknown): unknown[] {
  const { lossFunctions, metricsTensors, collectedTrainableWeights, optimizer } = model;
  const configuration = [
    ...[backend, lossFunctions, metricsTensors, collectedTrainableWeights, optimizer],
  ];
  for (const weight of collectedTrainableWeights) configuration.push(weight.read().trainable);
  for (const [name, value] of Object.entries(optimizer)) {
    if (!CHANGING.includes(name)) addSetting(configuration, value);
  }
  for (const layer of layersOf(model)) {
    configuration.push(layer);
    for (const name of Object.keys(layer)) {
      addSetting(configuration, (layer as Readonly<Record<string, unknown>>)[name]);
    }
  }
  return configuration;
}

function addSetting(configuration: unknown[], value: unknown): void {
  const isSetting = typeof value !== 'object' || value === null;
  if (isSetting) configuration.push(value);
}

/** Whether two lists hold the same. */
export function isSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((value, index) => Object.is(value, other[index]));
}
