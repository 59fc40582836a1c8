import {
  type AdamOptions,
  adamFactors,
  bytesPerImage,
  type DeferredStep,
  type OptimizerState,
  plainRootFactors,
  type TrainingBatch,
} from '@dlcmp/contract';
import { type DevicePointer, type RecordedWork, UploadRing } from '@dlcmp/cuda';
import { momentName } from '../graph/optimizers/add-update';
import { LABELS, LOSS, maskName } from '../graph/value-names';
import type { CudaNetwork } from './forward-pass';
import { TrainingPass } from './training-pass';

const FLOAT_BYTES = 4;

/** What batches of one size need. */
interface SizedTraining {
  readonly pass: TrainingPass;
  readonly ring: UploadRing;
  /** Steps that ran before one was recorded. */
  warmUpSteps: number;
  /** A step, once ONNX Runtime has chosen its algorithms and has all the memory that it wants. */
  recorded?: RecordedWork;
}

/** Steps before one is recorded. */
const WARM_UP_STEPS = 2;

/** Steps may be under way at once; their losses wait on the GPU until they are read together. */
const MOST_PENDING = 32;

/** Adam's moments, and the arrays that hold them. */
const MOMENTS = [
  ['mean', 'means'],
  ['variance', 'variances'],
] as const;

/** Adam's numbers where there is no step. */
const NO_STEP = new Float32Array(4);

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
  step(batch: TrainingBatch, adam: Required<AdamOptions>): DeferredStep {
    this.#stepCount++;
    return this.#run(batch, this.#adamNumbers(adam), (sized) => {
      if (sized.recorded) return sized.recorded.run();
      const { pass } = sized;
      const compute = () => {
        pass.computeGradients();
        pass.applyAdam();
      };
      compute();
      if (++sized.warmUpSteps < WARM_UP_STEPS) return;
      const { driver, stream } = this.#network.engine;
      sized.recorded = driver.record(stream, compute);
    });
  }

  /** Queues forward and backward pass; the gradients stay in the weights' memory. */
  computeGradients(batch: TrainingBatch): DeferredStep {
    return this.#run(batch, NO_STEP, ({ pass }) => pass.computeGradients());
  }

  /** Waits for every step so far; without moments before the first one. */
  readOptimizer(): OptimizerState {
    const { memory } = this.#network;
    if (this.#stepCount === 0) return { stepCount: 0, moments: {} };
    const moments = MOMENTS.flatMap(([kind, array]) =>
      Object.entries(memory.read(array)).map(([name, { data }]) => [momentName(name, kind), data]),
    );
    return { stepCount: this.#stepCount, moments: Object.fromEntries(moments) };
  }

  writeOptimizer({ stepCount, moments }: OptimizerState): void {
    const { memory, plan } = this.#network;
    for (const [kind, array] of MOMENTS) {
      const saved = Object.keys(plan.network.weightShapes).flatMap((name) => {
        const values = moments[momentName(name, kind)];
        return values ? [[name, values] as const] : [];
      });
      memory.write(array, Object.fromEntries(saved));
    }
    this.#stepCount = stepCount;
  }

  release(): void {
    this.#network.engine.driver.synchronize(this.#network.engine.stream);
    for (const { pass, ring, recorded } of this.#sized.values()) {
      recorded?.release();
      pass.release();
      ring.dispose();
    }
    this.#network.engine.driver.free(this.#lossRing);
  }

  /** Brings a batch to the GPU, has `compute` queued, and notes where its loss will be. */
  #run(
    batch: TrainingBatch,
    adam: Float32Array,
    compute: (sized: SizedTraining) => void,
  ): DeferredStep {
    const fed: Record<string, ArrayBufferView> = { ...this.#arrays(batch), adam };
    const [names, arrays] = [Object.keys(fed), Object.values(fed)];
    const sized = this.#open(batch.size, arrays);
    const { pass, ring } = sized;
    if (this.#deliver.length >= Math.min(ring.slots, MOST_PENDING)) this.#settle();
    const slot = this.#deliver.length;
    const { driver, stream } = this.#network.engine;
    ring.upload(slot, arrays).forEach((uploaded, index) => {
      const buffer = pass.buffers.address(names[index] as string);
      driver.copyOnDevice(buffer, uploaded, (arrays[index] as ArrayBufferView).byteLength, stream);
    });
    compute(sized);
    const place = this.#lossRing + BigInt(slot * FLOAT_BYTES);
    driver.copyOnDevice(place, pass.buffers.address(LOSS), FLOAT_BYTES, stream);
    return this.#defer(slot);
  }

  #open(size: number, arrays: readonly ArrayBufferView[]): SizedTraining {
    const known = this.#sized.get(size);
    if (known) return known;
    const bytes = arrays.map(({ byteLength }) => byteLength);
    const sized = {
      pass: new TrainingPass(this.#network, size),
      ring: new UploadRing(this.#network.engine.driver, bytes),
      warmUpSteps: 0,
    };
    this.#sized.set(size, sized);
    return sized;
  }

  /** A batch, by the buffers that take it. */
  #arrays({ pixels, masks, labels, size }: TrainingBatch): Record<string, ArrayBufferView> {
    const { network } = this.#network.plan;
    return {
      pixels: pixels.subarray(0, size * bytesPerImage(network)),
      [LABELS]: labels.subarray(0, size),
      ...Object.fromEntries(
        Object.keys(network.masks).map((name) => [maskName(name), masks[name] as Uint8Array]),
      ),
    };
  }

  #adamNumbers(adam: Required<AdamOptions>) {
    const factors = adamFactors(this.#stepCount, adam.learningRate, adam);
    const { rate, epsilon } = plainRootFactors(factors);
    return Float32Array.of(rate, factors.meanDecay, factors.varianceDecay, epsilon);
  }

  #defer(slot: number): DeferredStep {
    let loss: number | undefined;
    this.#deliver.push((losses) => {
      loss = losses[slot];
    });
    return {
      read: async () => {
        if (loss === undefined) this.#settle();
        return { loss: loss as number };
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
