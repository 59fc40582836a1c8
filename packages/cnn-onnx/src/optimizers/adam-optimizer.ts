import type { AdamOptions, Weights, WeightTensor } from '@dlcmp/bench-core/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { ADAM_STATE, buildAdamModel, GRADIENT, nextName } from './adam-model';

/**
 * Weights updated in one go. The model passes over its values a dozen times, so a chunk of each
 * tensor (1 MB) has to stay in a core's cache: on two cores, 21 million weights took 95 ms in such
 * chunks, 235 ms in one piece, and 120 ms in a JavaScript loop.
 */
const CHUNK_LENGTH = 2 ** 18;

/** Adam's moments for a set of weights, and the session that updates both in place. */
export class AdamOptimizer {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #parameters: readonly Parameter[];
  #stepCount = 0;

  private constructor(
    runtime: OnnxRuntime,
    session: InferenceSession,
    parameters: readonly Parameter[],
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#parameters = parameters;
  }

  /** @param weights updated in place from `gradients`, tensor by tensor of the same name */
  static async create(
    runtime: OnnxRuntime,
    weights: Weights,
    gradients: Weights,
  ): Promise<AdamOptimizer> {
    const parameters = Object.entries(weights).map(([name, weight]) =>
      createParameter(weight.data, (gradients[name] as WeightTensor).data),
    );
    return new AdamOptimizer(runtime, await runtime.openSession(buildAdamModel()), parameters);
  }

  /** Forgets all previous steps. */
  reset(): void {
    this.#stepCount = 0;
    for (const { mean, variance } of this.#parameters) {
      mean.fill(0);
      variance.fill(0);
    }
  }

  /** Moves the weights against the gradients as they stand. */
  async step(options: Required<AdamOptions>): Promise<void> {
    this.#stepCount++;
    const scalars = this.#scalars(options);
    for (const parameter of this.#parameters) {
      for (let start = 0; start < parameter.weight.length; start += CHUNK_LENGTH) {
        await this.#update(parameter, start, scalars);
      }
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  #scalars({ learningRate, betas, epsilon }: Required<AdamOptions>): Record<string, Tensor> {
    const [meanDecay, varianceDecay] = betas;
    const meanCorrection = 1 - meanDecay ** this.#stepCount;
    const spreadCorrection = Math.sqrt(1 - varianceDecay ** this.#stepCount);
    const scalar = (value: number) => this.#runtime.tensor('float32', Float32Array.of(value), []);
    return {
      meanDecay: scalar(meanDecay),
      varianceDecay: scalar(varianceDecay),
      stepSize: scalar((learningRate * spreadCorrection) / meanCorrection),
      epsilon: scalar(epsilon * spreadCorrection),
    };
  }

  /** Each output is given its input's memory, so nothing is allocated and nothing copied. */
  async #update(
    parameter: Parameter,
    start: number,
    scalars: Record<string, Tensor>,
  ): Promise<void> {
    const chunk = (values: Float32Array) => {
      const view = values.subarray(start, start + CHUNK_LENGTH);
      return this.#runtime.tensor('float32', view, [view.length]);
    };
    const state = ADAM_STATE.map((name) => [name, chunk(parameter[name])] as const);
    await this.#session.run(
      { ...Object.fromEntries(state), [GRADIENT]: chunk(parameter.gradient), ...scalars },
      Object.fromEntries(state.map(([name, tensor]) => [nextName(name), tensor])),
    );
  }
}

interface Parameter {
  readonly weight: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

function createParameter(weight: Float32Array, gradient: Float32Array): Parameter {
  const { length } = weight;
  return { weight, gradient, mean: new Float32Array(length), variance: new Float32Array(length) };
}
