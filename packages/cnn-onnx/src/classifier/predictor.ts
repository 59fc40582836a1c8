import { elementCount, type Weights } from '@dlcmp/bench-core/contract';
import type { InferenceSession } from 'onnxruntime-node';
import type { Network } from '../layers/sequential';
import {
  buildInferenceModel,
  type InferenceOutput,
  LOGITS,
  PROBABILITIES,
} from '../model/inference-model';
import { PIXELS } from '../model/pixel-input';
import type { OnnxRuntime } from '../runtime/onnx-runtime';

/** Images that go through the network together: more take memory and bring no speed. */
const BATCH_SIZE = 32;

/** Answers for images, with a session made when first asked after the weights changed. */
export class Predictor {
  readonly #runtime: OnnxRuntime;
  readonly #network: Network;
  readonly #weights: () => Weights;
  #session: InferenceSession | undefined;

  constructor(runtime: OnnxRuntime, network: Network, weights: () => Weights) {
    this.#runtime = runtime;
    this.#network = network;
    this.#weights = weights;
  }

  /** One row of `output` for each of `count` images: [count × classes]. */
  async run(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    const [, height, width] = this.#network.inputShape as [number, number, number];
    const classCount = elementCount(this.#network.outputShape);
    const answers = new Float32Array(count * classCount);
    const session = await this.#openSession();
    for (let start = 0; start < count; start += BATCH_SIZE) {
      const size = Math.min(BATCH_SIZE, count - start);
      const imageBytes = height * width * 3;
      const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const rows = answers.subarray(start * classCount, (start + size) * classCount);
      await session.run(
        { [PIXELS]: this.#runtime.tensor('uint8', batch, [size, height, width, 3]) },
        { [output]: this.#runtime.tensor('float32', rows, [size, classCount]) },
      );
    }
    return answers;
  }

  /** To be called when the weights change, and at the end. */
  async release(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  async #openSession(): Promise<InferenceSession> {
    this.#session ??= await this.#runtime.openSession(
      buildInferenceModel(this.#network, this.#weights(), [LOGITS, PROBABILITIES]),
    );
    return this.#session;
  }
}
