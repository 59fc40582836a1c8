import {
  adamFactors,
  assertArgument,
  type InferenceOutput,
  type Network,
  type OptimizerSpec,
  type OptimizerState,
  type StepResult,
  type TrainableModel,
  type TrainingBatch,
  type UpdateSettings,
  type Weights,
} from '@dlcmp/contract';
import { copyTensors, zeroTensors } from '../graph/graph-tensors';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { BlockPredictor } from './block-predictor';
import { BlockTrainer } from './block-trainer';
import type { SplitNetwork } from './split-network';

/** Images that are answered together: more take memory and bring no speed. */
const BATCH_SIZE = 32;

/** A network whose front is computed by kernels; trainer and predictor are opened when first needed. */
export class BlocksModel implements TrainableModel {
  readonly #runtime: OnnxRuntime;
  readonly #library: string;
  readonly #network: Network;
  readonly #split: SplitNetwork;
  /** The weights, until a trainer has taken them over. */
  #weights: Weights;
  #trainer: BlockTrainer | undefined;
  #predictor: BlockPredictor | undefined;
  /** Whether the predictor has the weights as they are. */
  #current = false;

  /** @param library ONNX Runtime's own, see `findNativeLibrary` */
  constructor(runtime: OnnxRuntime, library: string, network: Network, split: SplitNetwork) {
    this.#runtime = runtime;
    this.#library = library;
    this.#network = network;
    this.#split = split;
    this.#weights = zeroTensors(network.weightShapes);
  }

  async readWeights(): Promise<Weights> {
    return this.#trainer?.readWeights() ?? copyTensors(this.#weights);
  }

  async writeWeights(weights: Weights): Promise<void> {
    this.#current = false;
    if (this.#trainer) this.#trainer.writeWeights(weights);
    else this.#weights = copyTensors(weights);
  }

  async step(batch: TrainingBatch, update: UpdateSettings): Promise<StepResult> {
    const { optimizer, learningRate, labelSmoothing } = update;
    assertKnown(optimizer);
    const trainer = await this.#openTrainer();
    this.#current = false;
    const factorsAt = (step: number) => adamFactors(step, learningRate, optimizer);
    return { loss: await trainer.step(batch, factorsAt, labelSmoothing) };
  }

  async computeGradients(batch: TrainingBatch, labelSmoothing: number) {
    return (await this.#openTrainer()).computeGradients(batch, labelSmoothing);
  }

  async infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    const { inputHeight, inputWidth, classCount } = this.#network;
    const imageBytes = inputHeight * inputWidth * 3;
    const answers = new Float32Array(count * classCount);
    const predictor = await this.#openPredictor();
    for (let start = 0; start < count; start += BATCH_SIZE) {
      const size = Math.min(BATCH_SIZE, count - start);
      const images = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const rows = answers.subarray(start * classCount, (start + size) * classCount);
      await predictor.run(images, size, output, rows);
    }
    return answers;
  }

  async resetOptimizer(): Promise<void> {
    this.#trainer?.reset();
  }

  async readOptimizer(): Promise<OptimizerState> {
    return this.#trainer?.readOptimizer() ?? { stepCount: 0, moments: {} };
  }

  async writeOptimizer(state: OptimizerState, optimizer: OptimizerSpec): Promise<void> {
    assertKnown(optimizer);
    (await this.#openTrainer()).writeOptimizer(state);
  }

  async release(): Promise<void> {
    await Promise.all([this.#trainer?.release(), this.#predictor?.release()]);
  }

  async #openTrainer(): Promise<BlockTrainer> {
    this.#trainer ??= await BlockTrainer.create(
      ...([this.#runtime, this.#library, this.#network, this.#split, this.#weights] as const),
    );
    this.#weights = {};
    return this.#trainer;
  }

  async #openPredictor(): Promise<BlockPredictor> {
    this.#predictor ??= await BlockPredictor.create(
      ...([this.#runtime, this.#library, this.#split, BATCH_SIZE] as const),
    );
    if (!this.#current) {
      const weights = this.#trainer?.readWeights() ?? this.#weights;
      await this.#predictor.prepare(weights);
    }
    this.#current = true;
    return this.#predictor;
  }
}

function assertKnown(
  optimizer: OptimizerSpec,
): asserts optimizer is OptimizerSpec & { kind: 'adam' } {
  assertArgument(
    optimizer.kind === 'adam' && optimizer.weightDecay === 0,
    'The engine blocks trains with Adam without weight decay. Choose the engine graph for other optimisers.',
  );
}
