import {
  assertArgument,
  type DeferredStep,
  type InferenceOutput,
  type OptimizerSpec,
  type OptimizerState,
  type TrainableModel,
  type TrainingBatch,
  type UpdateSettings,
  type Weights,
} from '@dlcmp/contract';
import type { CudaEngine } from './cuda-engine';
import { CudaPredictor } from './cuda-predictor';
import { CudaTrainer } from './cuda-trainer';
import type { CudaNetwork } from './forward-pass';
import { NetworkSessions } from './network-sessions';
import type { NetworkPlan } from './plan-network';
import { WeightMemory } from './weight-memory';

/**
 * A network on an NVIDIA GPU, where weights, gradients and moments stay. Memory for training is taken by the first step, and
 * for predictions by the first of them.
 */
export class CudaModel implements TrainableModel {
  readonly #network: CudaNetwork;
  #predictor: CudaPredictor | undefined;
  #trainer: CudaTrainer | undefined;

  constructor(engine: CudaEngine, plan: NetworkPlan) {
    const sessions = new NetworkSessions(engine.runtime, plan);
    const memory = new WeightMemory(engine, plan.network);
    this.#network = { engine, plan, sessions, memory };
  }

  async readWeights(): Promise<Weights> {
    return this.#network.memory.read('weights');
  }

  async writeWeights(weights: Weights): Promise<void> {
    const data = Object.entries(weights).map(([name, { data }]) => [name, data]);
    this.#network.memory.write('weights', Object.fromEntries(data));
  }

  async step(batch: TrainingBatch, update: UpdateSettings): Promise<DeferredStep> {
    const { optimizer, learningRate, labelSmoothing } = update;
    assertSharpLabels(labelSmoothing);
    assertPlainAdam(optimizer);
    const { betas, epsilon } = optimizer;
    return this.#openTrainer().step(batch, { learningRate, betas, epsilon });
  }

  async computeGradients(
    batch: TrainingBatch,
    labelSmoothing: number,
  ): Promise<{ loss: number; gradients: Weights }> {
    assertSharpLabels(labelSmoothing);
    const { loss } = await this.#openTrainer().computeGradients(batch).read();
    return { loss, gradients: this.#network.memory.read('gradients') };
  }

  async infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    this.#predictor ??= new CudaPredictor(this.#network);
    return this.#predictor.run(pixels, count, output);
  }

  async resetOptimizer(): Promise<void> {
    this.#trainer?.reset();
  }

  async readOptimizer(): Promise<OptimizerState> {
    return this.#openTrainer().readOptimizer();
  }

  async writeOptimizer(state: OptimizerState): Promise<void> {
    this.#openTrainer().writeOptimizer(state);
  }

  async release(): Promise<void> {
    this.#trainer?.release();
    this.#predictor?.release();
    this.#network.sessions.release();
    this.#network.memory.free();
  }

  #openTrainer(): CudaTrainer {
    this.#trainer ??= new CudaTrainer(this.#network);
    return this.#trainer;
  }
}

function assertSharpLabels(labelSmoothing: number): void {
  assertArgument(
    labelSmoothing === 0,
    'The engine cuda has no labelSmoothing. Leave it out, or choose graph@cuda.',
  );
}

function assertPlainAdam(
  optimizer: OptimizerSpec,
): asserts optimizer is OptimizerSpec & { kind: 'adam' } {
  assertArgument(
    optimizer.kind === 'adam' && optimizer.weightDecay === 0,
    'The engine cuda trains with Adam without weight decay. Choose graph@cuda for other optimisers.',
  );
}
