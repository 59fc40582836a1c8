import { elementCount, type Weights } from '@dlcmp/contract';
import type { InferenceSession } from 'onnxruntime-node';
import { type SplitNetwork, splitNetwork } from '../blocks/split-network';
import type { Network } from '../layers/sequential';
import {
  buildInferenceModel,
  type InferenceOutput,
  LOGITS,
  PROBABILITIES,
} from '../model/inference-model';
import { PIXELS } from '../model/pixel-input';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { BlockPredictor } from './block-predictor';

/** Images that go through the network together: more take memory and bring no speed. */
const BATCH_SIZE = 32;

/** Computes the rows of a batch. */
type Run = (pixels: Uint8Array, size: number, rows: Float32Array) => Promise<unknown>;

/**
 * Answers for images: by threads that each compute their own part of them, where the network begins with blocks
 * and ONNX Runtime's library can be called from threads; else by one ONNX graph.
 */
export class Predictor {
  readonly #runtime: OnnxRuntime;
  readonly #network: Network;
  readonly #split: SplitNetwork | undefined;
  readonly #weights: () => Weights;
  #session: InferenceSession | undefined;
  #blocks: BlockPredictor | undefined;
  /** Whether the weights are those that answers would be computed with. */
  #current = false;

  constructor(runtime: OnnxRuntime, network: Network, weights: () => Weights) {
    this.#runtime = runtime;
    this.#network = network;
    this.#split = runtime.library === undefined ? undefined : splitNetwork(network);
    this.#weights = weights;
  }

  /** One row of `output` for each of `count` images: [count × classes]. */
  async run(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    const [, height, width] = this.#network.inputShape as [number, number, number];
    const imageBytes = height * width * 3;
    const classCount = elementCount(this.#network.outputShape);
    const answers = new Float32Array(count * classCount);
    const run = await this.#open(output);
    for (let start = 0; start < count; start += BATCH_SIZE) {
      const size = Math.min(BATCH_SIZE, count - start);
      const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      await run(batch, size, answers.subarray(start * classCount, (start + size) * classCount));
    }
    return answers;
  }

  /** To be called when the weights change. */
  async forget(): Promise<void> {
    this.#current = false;
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  async release(): Promise<void> {
    await this.forget();
    await this.#blocks?.release();
    this.#blocks = undefined;
  }

  async #open(output: InferenceOutput): Promise<Run> {
    if (!this.#split) return this.#openSession(output);
    const blocks = await this.#openBlocks(this.#split);
    return (pixels, size, rows) => blocks.run(pixels, size, output, rows);
  }

  async #openBlocks(split: SplitNetwork): Promise<BlockPredictor> {
    const { library } = this.#runtime;
    this.#blocks ??= await BlockPredictor.create(
      ...([this.#runtime, library as string, split, BATCH_SIZE] as const),
    );
    if (!this.#current) await this.#blocks.prepare(this.#weights());
    this.#current = true;
    return this.#blocks;
  }

  async #openSession(output: InferenceOutput): Promise<Run> {
    const [, height, width] = this.#network.inputShape as [number, number, number];
    const classCount = elementCount(this.#network.outputShape);
    const { tensor, openSession } = this.#runtime;
    this.#session ??= await openSession(
      buildInferenceModel(this.#network, this.#weights(), [LOGITS, PROBABILITIES]),
    );
    const session = this.#session;
    return (pixels, size, rows) =>
      session.run(
        { [PIXELS]: tensor('uint8', pixels, [size, height, width, 3]) },
        { [output]: tensor('float32', rows, [size, classCount]) },
      );
  }
}
