import type { InferenceOutput, Weights } from '@dlcmp/contract';
import type { InferenceSession } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { openCompute, releaseOnFailure } from '../runtime/open-compute';
import { InferenceNetwork } from './inference-network';
import type { SplitNetwork } from './split-network';
import { buildTailInference, FEATURES } from './tail-models';

/** What a predictor computes with, released together. */
interface Engine {
  /** Ends its threads. */
  readonly release: () => Promise<void>;
  readonly network: InferenceNetwork;
}

/** Answers for images by {@link InferenceNetwork} and, for the layers behind it, one small ONNX graph. */
export class BlockPredictor {
  readonly #runtime: OnnxRuntime;
  readonly #split: SplitNetwork;
  readonly #engine: Engine;
  #tail: InferenceSession | undefined;

  private constructor(runtime: OnnxRuntime, split: SplitNetwork, engine: Engine) {
    this.#runtime = runtime;
    this.#split = split;
    this.#engine = engine;
  }

  /** @param capacity images that {@link run} takes at most */
  static async create(
    runtime: OnnxRuntime,
    library: string,
    split: SplitNetwork,
    capacity: number,
  ): Promise<BlockPredictor> {
    return releaseOnFailure(await openCompute(library, runtime.threads), (compute) => {
      const engine = { ...compute, slots: compute.pool.threads, training: false };
      const network = new InferenceNetwork(engine, split.front, capacity);
      return new BlockPredictor(runtime, split, { release: compute.release, network });
    });
  }

  /** To be called when the weights have changed, before {@link run}. */
  async prepare(weights: Weights): Promise<void> {
    const { tail } = this.#split;
    this.#engine.network.prepare(weights);
    await this.#tail?.release();
    this.#tail = await this.#runtime.openSession(buildTailInference(tail, weights));
  }

  /** Fills `answers`, [count × classes]. */
  async run(
    pixels: Uint8Array,
    count: number,
    output: InferenceOutput,
    answers: Float32Array,
  ): Promise<void> {
    const { tail } = this.#split;
    const { tensor } = this.#runtime;
    const hidden = this.#engine.network.run(pixels, count);
    await this.#tail?.run(
      { [FEATURES]: tensor('float32', hidden, [count, tail.units]) },
      { [output]: tensor('float32', answers, [count, tail.classCount]) },
    );
  }

  async release(): Promise<void> {
    await this.#tail?.release();
    await this.#engine.release();
  }
}
