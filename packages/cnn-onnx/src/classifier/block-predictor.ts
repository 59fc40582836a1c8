import { elementCount, type Weights } from '@dlcmp/contract';
import { type KernelPool, SharedHeap } from '@dlcmp/kernels';
import type { InferenceSession } from 'onnxruntime-node';
import { InferenceNetwork } from '../blocks/inference-network';
import type { SplitNetwork } from '../blocks/split-network';
import {
  buildInferenceModel,
  HIDDEN,
  type InferenceOutput,
  LOGITS,
  PROBABILITIES,
} from '../model/inference-model';
import { NativeProducts } from '../runtime/native-products';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { createProductPool } from '../runtime/product-pool';
import { viewMemory } from '../runtime/view-memory';

/** What a predictor computes with, released together. */
interface Engine {
  readonly pool: KernelPool;
  readonly products: NativeProducts;
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
    const heap = new SharedHeap(viewMemory);
    const products = new NativeProducts(library);
    const pool = await createProductPool(heap.memory, runtime.threads);
    const engine = { heap, pool, products, slots: pool.threads, training: false };
    const network = new InferenceNetwork(engine, split.front, capacity);
    return new BlockPredictor(runtime, split, { pool, products, network });
  }

  /** To be called when the weights have changed, before {@link run}. */
  async prepare(weights: Weights): Promise<void> {
    const { tail } = this.#split;
    this.#engine.network.prepare(weights);
    const names = Object.keys({ ...tail.weightShapes, ...tail.stateShapes });
    const ofTail = Object.fromEntries(names.map((name) => [name, weights[name]])) as Weights;
    await this.#tail?.release();
    this.#tail = await this.#runtime.openSession(
      buildInferenceModel(tail, ofTail, [LOGITS, PROBABILITIES], {}, 'hidden'),
    );
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
      { [HIDDEN]: tensor('float32', hidden, [count, ...tail.inputShape]) },
      { [output]: tensor('float32', answers, [count, elementCount(tail.outputShape)]) },
    );
  }

  async release(): Promise<void> {
    const { pool, products } = this.#engine;
    await Promise.all([pool.close(), this.#tail?.release()]);
    products.release();
  }
}
