import type {
  DeferredStep,
  InferenceOutput,
  Network,
  OptimizerSpec,
  OptimizerState,
  TrainableModel,
  TrainingBatch,
  UpdateSettings,
  Weights,
} from '@dlcmp/contract';
import { DevicePredictor } from './device-predictor';
import { DeviceTrainer } from './device-trainer';
import { DeviceWeights } from './device-weights';
import type { GraphDevice } from './graph-device';

/** A network as ONNX graphs on a GPU, where weights, gradients and moments stay. Memory for training is taken by the first step. */
export class DeviceModel<Tensor> implements TrainableModel {
  readonly #device: GraphDevice<Tensor>;
  readonly #network: Network;
  readonly #values: DeviceWeights<Tensor>;
  readonly #predictor: DevicePredictor<Tensor>;
  #trainer: DeviceTrainer<Tensor> | undefined;

  constructor(device: GraphDevice<Tensor>, network: Network) {
    this.#device = device;
    this.#network = network;
    this.#values = new DeviceWeights(device, network);
    this.#predictor = new DevicePredictor(device, network, this.#values);
  }

  async readWeights(): Promise<Weights> {
    return this.#values.read();
  }

  async writeWeights(weights: Weights): Promise<void> {
    this.#values.write(weights);
  }

  async step(batch: TrainingBatch, update: UpdateSettings): Promise<DeferredStep> {
    return this.#openTrainer().step(batch, update);
  }

  async computeGradients(
    batch: TrainingBatch,
    labelSmoothing: number,
  ): Promise<{ loss: number; gradients: Weights }> {
    return this.#openTrainer().computeGradients(batch, labelSmoothing);
  }

  async infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    return this.#predictor.run(pixels, count, output);
  }

  async resetOptimizer(): Promise<void> {
    this.#trainer?.reset();
  }

  async readOptimizer(): Promise<OptimizerState> {
    return this.#trainer?.readOptimizer() ?? { stepCount: 0, moments: {} };
  }

  async writeOptimizer(state: OptimizerState, optimizer: OptimizerSpec): Promise<void> {
    this.#openTrainer().writeOptimizer(state, optimizer);
  }

  async release(): Promise<void> {
    this.#trainer?.release();
    this.#predictor.release();
    this.#values.free();
  }

  #openTrainer(): DeviceTrainer<Tensor> {
    this.#trainer ??= new DeviceTrainer(this.#device, this.#network, this.#values);
    return this.#trainer;
  }
}
