import {
  featuresOf,
  type Network,
  type NodeType,
  type TrainingBatch,
  type Weights,
} from '@dlcmp/contract';
import { activations } from './nodes/activations';
import { batchNorm } from './nodes/batch-norm';
import { conv2d } from './nodes/conv2d';
import { dense, dropout, flatten } from './nodes/dense';
import { add, concat, multiply } from './nodes/joins';
import { averagePool, globalAveragePool, maxPool } from './nodes/pools';
import type { NodePass, Parameter, ReferenceNode, Values } from './reference-node';

const NODES: Readonly<Record<NodeType, ReferenceNode>> = {
  ...{ conv2d, batchNorm, maxPool, averagePool, globalAveragePool, add, multiply, concat },
  ...{ dense, dropout, flatten },
  ...activations,
};

/** A network in plain float64, with its weights. */
export class ReferenceNetwork {
  readonly #network: Network;
  readonly parameters = new Map<string, Parameter>();
  readonly state = new Map<string, Values>();

  constructor(network: Network) {
    this.#network = network;
  }

  write(weights: Weights): void {
    for (const name of Object.keys(this.#network.weightShapes)) {
      const value = Float64Array.from(weights[name]?.data ?? []);
      this.parameters.set(name, { value, gradient: new Float64Array(value.length) });
    }
    for (const name of Object.keys(this.#network.stateShapes)) {
      this.state.set(name, Float64Array.from(weights[name]?.data ?? []));
    }
  }

  /** [size × classes] scores. */
  infer(pixels: Uint8Array, size: number): Values {
    return this.#forward(pixels, size, undefined).output;
  }

  /**
   * Leaves the gradients of the batch's mean cross-entropy in the parameters, and a batch's share in the running statistics.
   *
   * @returns that mean
   */
  differentiate(batch: TrainingBatch, labelSmoothing: number): number {
    for (const { gradient } of this.parameters.values()) gradient.fill(0);
    const { output, backward } = this.#forward(batch.pixels, batch.size, batch.masks);
    const { loss, gradient } = crossEntropy(output, batch.labels, labelSmoothing);
    backward(gradient);
    return loss;
  }

  #forward(
    pixels: Uint8Array,
    size: number,
    masks: TrainingBatch['masks'] | undefined,
  ): { output: Values; backward: (gradient: Values) => void } {
    const values = new Map<string, Values>([['image', this.#normalise(pixels, size)]]);
    const passes: NodePass[] = [];
    const { nodes } = this.#network;
    for (const node of nodes) {
      const pass = NODES[node.type](
        node,
        node.inputs.map((name) => values.get(name) as Values),
        {
          size,
          training: masks !== undefined,
          parameter: (name) => this.parameters.get(`${node.name}.${name}`),
          state: (name) => this.state.get(`${node.name}.${name}`) as Values,
          mask: masks?.[node.name],
        },
      );
      passes.push(pass);
      values.set(node.name, pass.output);
    }
    const output = values.get(nodes.at(-1)?.name ?? '') as Values;
    return { output, backward: (gradient) => this.#backward(passes, gradient) };
  }

  /** Walks back from the last node; what a node hands to several comes back as the sum of theirs. */
  #backward(passes: readonly NodePass[], logitGradient: Values): void {
    const { nodes } = this.#network;
    const gradients = new Map<string, Values>([[nodes.at(-1)?.name ?? '', logitGradient]]);
    for (let index = nodes.length - 1; index >= 0; index--) {
      const node = nodes[index] as (typeof nodes)[number];
      const own = gradients.get(node.name) as Values;
      passes[index]?.backward(own).forEach((gradient, input) => {
        const name = node.inputs[input] as string;
        const known = gradients.get(name);
        const sum = known ? known.map((value, at) => value + (gradient[at] as number)) : gradient;
        gradients.set(name, sum);
      });
    }
  }

  /** [size × height × width × 3] bytes to normalised [size × 3 × height × width]; features as they are. */
  #normalise(pixels: Uint8Array, size: number): Values {
    const { inputHeight, inputWidth, normalisation, features } = this.#network;
    if (features) return Float64Array.from(featuresOf(pixels));
    const area = inputHeight * inputWidth;
    const values = new Float64Array(size * 3 * area);
    for (const channel of [0, 1, 2] as const) {
      const mean = normalisation.mean[channel];
      const deviation = normalisation.standardDeviation[channel];
      for (let at = 0; at < size * area; at++) {
        const place = (Math.floor(at / area) * 3 + channel) * area + (at % area);
        values[place] = ((pixels[at * 3 + channel] as number) / 255 - mean) / deviation;
      }
    }
    return values;
  }
}

/** exp(z[k]) / Σ exp(z), with the largest score taken off first so that nothing overflows. */
export function softmax(logits: Values): Values {
  const largest = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** The softmax of each row of `scores`, row-major [rows × classes]. */
export function softmaxRows(scores: ArrayLike<number>, classes: number): Float64Array {
  const rows = Float64Array.from(scores);
  for (let start = 0; start < rows.length; start += classes) {
    rows.set(softmax(rows.subarray(start, start + classes)), start);
  }
  return rows;
}

/** Mean of -Σ target · log softmax(z), target = (1 - ε) · onehot(label) + ε/classes, and its gradient by z. */
function crossEntropy(logits: Values, labels: Int32Array, smoothing: number) {
  const size = labels.length;
  const classes = logits.length / size;
  const gradient = new Float64Array(logits.length);
  let loss = 0;
  labels.forEach((label, image) => {
    const row = logits.subarray(image * classes, (image + 1) * classes);
    const largest = Math.max(...row);
    const logSum = largest + Math.log(row.reduce((sum, z) => sum + Math.exp(z - largest), 0));
    const probabilities = softmax(row);
    for (let k = 0; k < classes; k++) {
      const target = smoothing / classes + (k === label ? 1 - smoothing : 0);
      if (target > 0) loss += (target * (logSum - (row[k] as number))) / size;
      gradient[image * classes + k] = ((probabilities[k] as number) - target) / size;
    }
  });
  return { loss, gradient };
}
