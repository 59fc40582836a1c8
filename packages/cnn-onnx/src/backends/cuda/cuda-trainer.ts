import type { AdamOptions, DeferredLoss, TrainingBatch } from '@dlcmp/bench-core/contract';
import { type DevicePointer, UploadRing } from '@dlcmp/cuda';
import type { CudaNetwork } from './forward-pass';
import { TrainingPass } from './training-pass';

const FLOAT_BYTES = 4;

/** What batches of one size need. */
interface SizedTraining {
  readonly pass: TrainingPass;
  readonly ring: UploadRing;
}

/** Steps may be under way at once; their losses wait on the GPU until they are read together. */
const MOST_PENDING = 32;

/** Trains on the GPU: a step is queued and returns; nothing comes back until a loss is read. */
export class CudaTrainer {
  readonly #network: CudaNetwork;
  readonly #sized = new Map<number, SizedTraining>();
  readonly #lossRing: DevicePointer;
  #deliver: ((losses: Float32Array) => void)[] = [];
  #stepCount = 0;

  constructor(network: CudaNetwork) {
    this.#network = network;
    this.#lossRing = network.engine.driver.allocate(MOST_PENDING * FLOAT_BYTES);
  }

  /** Forgets the optimiser's moments. */
  reset(): void {
    this.#stepCount = 0;
    this.#network.memory.clearMoments();
  }

  /** Queues one step. */
  step(batch: TrainingBatch, adam: Required<AdamOptions>): DeferredLoss {
    const loss = this.computeGradients(batch);
    this.#applyAdam(adam);
    return loss;
  }

  /** Queues forward and backward pass; the gradients stay in the weights' memory. */
  computeGradients(batch: TrainingBatch): DeferredLoss {
    const { pass, ring } = this.#open(batch);
    if (this.#deliver.length >= Math.min(ring.slots, MOST_PENDING)) this.#settle();
    const slot = this.#deliver.length;
    const { driver, stream } = this.#network.engine;
    const { address } = pass.buffers;
    const arrays = this.#arrays(batch);
    const [pixels, keep, target] = ring.upload(slot, arrays) as [bigint, bigint, bigint];
    driver.copyOnDevice(address('keep'), keep, arrays[1].byteLength, stream);
    driver.copyOnDevice(address('target'), target, arrays[2].byteLength, stream);
    pass.run(pixels);
    const place = this.#lossRing + BigInt(slot * FLOAT_BYTES);
    driver.copyOnDevice(place, address('loss'), FLOAT_BYTES, stream);
    return this.#defer(slot);
  }

  release(): void {
    this.#network.engine.driver.synchronize(this.#network.engine.stream);
    for (const { pass, ring } of this.#sized.values()) {
      pass.release();
      ring.dispose();
    }
    this.#network.engine.driver.free(this.#lossRing);
  }

  #open(batch: TrainingBatch): SizedTraining {
    const known = this.#sized.get(batch.size);
    if (known) return known;
    const bytes = this.#arrays(batch).map(({ byteLength }) => byteLength);
    const sized = {
      pass: new TrainingPass(this.#network, batch.size),
      ring: new UploadRing(this.#network.engine.driver, bytes),
    };
    this.#sized.set(batch.size, sized);
    return sized;
  }

  #arrays({ pixels, dropoutKeep, labels, size }: TrainingBatch) {
    const { classes, blocks } = this.#network.sizes;
    const { height = 0, width = 0 } = blocks[0] ?? {};
    const target = new Float32Array(size * classes);
    labels.forEach((label, index) => {
      target[index * classes + label] = 1;
    });
    return [pixels.subarray(0, size * height * width * 3), dropoutKeep, target] as const;
  }

  #applyAdam({ learningRate, betas: [beta1, beta2], epsilon }: Required<AdamOptions>): void {
    const { engine, memory } = this.#network;
    this.#stepCount++;
    const root = Math.sqrt(1 - beta2 ** this.#stepCount);
    const rate = (learningRate * root) / (1 - beta1 ** this.#stepCount);
    engine.kernels.overValues(
      ...(['adam', memory.length, memory.start('weights'), memory.start('gradients')] as const),
      ...[memory.start('means'), memory.start('variances'), { count: memory.length }],
      ...[rate, beta1, beta2, epsilon * root].map((value) => ({ float: value })),
    );
  }

  #defer(slot: number): DeferredLoss {
    let loss: number | undefined;
    this.#deliver.push((losses) => {
      loss = losses[slot];
    });
    return {
      read: async () => {
        if (loss === undefined) this.#settle();
        return loss as number;
      },
    };
  }

  /** Waits for every step so far, and reads their losses. */
  #settle(): void {
    const { driver, stream } = this.#network.engine;
    const losses = new Float32Array(this.#deliver.length);
    driver.copyToHost(losses, this.#lossRing, stream);
    driver.synchronize(stream);
    for (const deliver of this.#deliver) deliver(losses);
    this.#deliver = [];
  }
}
