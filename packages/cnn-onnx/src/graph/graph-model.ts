import {
  bytesPerImage,
  type InferenceOutput,
  type Network,
  type OptimizerSpec,
  type OptimizerState,
  type StepResult,
  type TrainableModel,
  type TrainingBatch,
  type UpdateSettings,
  type Weights,
  type WeightTensor,
} from '@dlcmp/contract';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { copyTensors, graphTensors, zeroTensors } from './graph-tensors';
import { GraphTrainer } from './graph-trainer';
import { buildInferenceModel } from './inference-model';
import { inputArray, inputOf, PIXELS } from './pixel-input';
import { trainingFeeds } from './training-feeds';
import { buildGradientModel } from './training-model';
import { gradientName, LOSS } from './value-names';

/** Images that are answered together: more take memory and bring no speed. */
const BATCH_SIZE = 32;

/**
 * A network as ONNX graphs over one set of arrays: a step's graph writes to those that it reads. For inference ONNX Runtime
 * lays the weights out anew, in a session that is opened when first needed and dropped when the weights change.
 */
export class GraphModel implements TrainableModel {
  readonly #runtime: OnnxRuntime;
  readonly #network: Network;
  /** Weights and state. */
  readonly #values: Weights;
  readonly #trainer: GraphTrainer;
  #inference: InferenceSession | undefined;

  constructor(runtime: OnnxRuntime, network: Network) {
    this.#runtime = runtime;
    this.#network = network;
    this.#values = zeroTensors({ ...network.weightShapes, ...network.stateShapes });
    this.#trainer = new GraphTrainer(runtime, network, this.#values);
  }

  async readWeights(): Promise<Weights> {
    return copyTensors(this.#values);
  }

  async writeWeights(weights: Weights): Promise<void> {
    await this.#closeInference();
    for (const [name, { data }] of Object.entries(this.#values)) {
      data.set((weights[name] as WeightTensor).data);
    }
  }

  async step(batch: TrainingBatch, update: UpdateSettings): Promise<StepResult> {
    await this.#closeInference();
    return this.#trainer.step(batch, update);
  }

  /** The session is closed afterwards: gradients are asked for once, to be looked at. */
  async computeGradients(
    batch: TrainingBatch,
    labelSmoothing: number,
  ): Promise<{ loss: number; gradients: Weights }> {
    const { openSession, tensor } = this.#runtime;
    const session = await openSession(
      buildGradientModel(this.#network, { labelSmoothing, device: 'cpu', withState: false }),
    );
    const gradients = zeroTensors(this.#network.weightShapes);
    const loss = new Float32Array(1);
    try {
      await session.run(
        {
          ...graphTensors(this.#runtime, this.#values),
          ...trainingFeeds(this.#runtime, this.#network, batch),
        },
        {
          ...graphTensors(this.#runtime, gradients, gradientName),
          [LOSS]: tensor('float32', loss, []),
        },
      );
    } finally {
      await session.release();
    }
    return { loss: loss[0] as number, gradients };
  }

  async infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    const { classCount } = this.#network;
    const { tensor } = this.#runtime;
    const imageBytes = bytesPerImage(this.#network);
    const answers = new Float32Array(count * classCount);
    const session = await this.#openInference();
    for (let start = 0; start < count; start += BATCH_SIZE) {
      const size = Math.min(BATCH_SIZE, count - start);
      const images = inputArray(this.#network, pixels.subarray(start * imageBytes), size);
      const { type, shape } = inputOf(this.#network, size);
      const rows = answers.subarray(start * classCount, (start + size) * classCount);
      const feeds: Record<string, Tensor> = {
        [PIXELS]: tensor(type, images, shape),
      };
      await session.run(feeds, { [output]: tensor('float32', rows, [size, classCount]) });
    }
    return answers;
  }

  async resetOptimizer(): Promise<void> {
    this.#trainer.reset();
  }

  async readOptimizer(): Promise<OptimizerState> {
    return this.#trainer.readOptimizer();
  }

  async writeOptimizer(state: OptimizerState, optimizer: OptimizerSpec): Promise<void> {
    this.#trainer.writeOptimizer(state, optimizer);
  }

  async release(): Promise<void> {
    await this.#closeInference();
    await this.#trainer.release();
  }

  async #openInference(): Promise<InferenceSession> {
    this.#inference ??= await this.#runtime.openSession(
      buildInferenceModel(this.#network, this.#values, ['logits', 'probabilities']),
    );
    return this.#inference;
  }

  async #closeInference(): Promise<void> {
    const session = this.#inference;
    this.#inference = undefined;
    await session?.release();
  }
}
