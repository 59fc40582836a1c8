import type { OptimizerSpec } from '@dlcmp/contract';
import type { HeapArray } from '@dlcmp/kernels';
import type { Compute } from '../runtime/open-compute';
import { BlockOptimizer } from './block-optimizer';
import type { HeapWeights } from './block-sizes';
import type { BlockWeights } from './block-weights';
import type { FrontGradients } from './front-gradients';
import { FrontNetwork } from './front-network';
import { allocateTensors } from './heap-tensors';
import type { FrontSizes } from './split-network';

/** What training adds to the weights. */
interface TrainingArrays {
  /** Of all weights but the matrix of the front's dense layer. */
  readonly gradients: HeapWeights;
  readonly optimizer: BlockOptimizer | undefined;
  /** Where the heap goes on. */
  readonly mark: number;
}

/**
 * The heap over a network's weights, a stack: gradients and moments once it trains, then the front with its images. What is laid
 * anew takes what is above it along, which comes back when it is next asked for.
 */
export class FrontHeap {
  readonly #compute: Compute;
  readonly #sizes: FrontSizes;
  readonly #weights: BlockWeights;
  readonly #batchSize: number;
  /** Where the weights end. */
  readonly #mark: number;
  #training: TrainingArrays | undefined;
  #front: FrontNetwork | undefined;
  #isPrepared = false;

  /** @param batchSize images that are answered together */
  constructor(compute: Compute, sizes: FrontSizes, weights: BlockWeights, batchSize: number) {
    this.#compute = compute;
    this.#sizes = sizes;
    this.#weights = weights;
    this.#batchSize = batchSize;
    this.#mark = compute.heap.mark();
  }

  /** With the moments of the last step; none before the first. */
  get optimizer(): BlockOptimizer | undefined {
    return this.#training?.optimizer;
  }

  /** An optimiser that remembers something else than the one before begins anew. */
  openOptimizer(spec: OptimizerSpec): BlockOptimizer {
    const { optimizer } = this;
    if (optimizer?.fits(spec)) return optimizer;
    return this.#layTraining(spec).optimizer as BlockOptimizer;
  }

  /** The front for answers. */
  open(): FrontNetwork {
    return this.#prepared(this.#front ?? this.#layFront(0));
  }

  /** The front for a batch of `size` whose gradients follow; a larger one than any before moves it. */
  openForTraining(size: number): {
    readonly front: FrontNetwork;
    readonly frontGradients: FrontGradients;
    readonly gradients: HeapWeights;
  } {
    const { gradients } = this.#training ?? this.#layTraining();
    const fits = this.#front && size <= this.#front.trainable;
    const front = this.#prepared(fits ? (this.#front as FrontNetwork) : this.#layFront(size));
    return { front, frontGradients: front.gradients as FrontGradients, gradients };
  }

  /** `use` of room for so many numbers, for as long as that takes. */
  withRoom<Result>(length: number, use: (room: HeapArray) => Result): Result {
    const { heap } = this.#compute;
    const mark = heap.mark();
    try {
      return use(heap.floats(length));
    } finally {
      heap.release(mark);
    }
  }

  /** To be called when they have. */
  weightsChanged(): void {
    this.#isPrepared = false;
  }

  #prepared(front: FrontNetwork): FrontNetwork {
    if (!this.#isPrepared) front.prepare(this.#weights.arrays);
    this.#isPrepared = true;
    return front;
  }

  #layTraining(spec?: OptimizerSpec): TrainingArrays {
    this.#training = undefined;
    this.#clear(this.#mark);
    const { heap, pool } = this.#compute;
    const gradients = allocateTensors(heap, this.#weights.plainShapes);
    const optimizer = spec && new BlockOptimizer(pool, heap, spec, this.#weights.trained);
    this.#training = { gradients, optimizer, mark: heap.mark() };
    return this.#training;
  }

  #layFront(trainable: number): FrontNetwork {
    this.#clear(this.#training?.mark ?? this.#mark);
    const { dense } = this.#weights;
    const sizes = [this.#batchSize, trainable] as const;
    this.#front = new FrontNetwork(this.#compute, this.#sizes, dense, ...sizes);
    return this.#front;
  }

  /** Frees the front and all above `mark`. */
  #clear(mark: number): void {
    this.#front = undefined;
    this.#isPrepared = false;
    this.#compute.products.unbind();
    this.#compute.heap.release(mark);
  }
}
