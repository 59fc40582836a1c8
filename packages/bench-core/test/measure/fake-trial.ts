import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Adapter,
  type Classifier,
  type CnnClassifier,
  type CnnFitOptions,
  createInitialWeights,
  type FitOptions,
  type LabelledImages,
  type NetworkDescription,
  type ResourceUsage,
} from '@dlcmp/contract';
import type { PacedProgress } from '../../src/measure/measure-fit';
import type { TrialEnvironment, TrialPhase, TrialPlan } from '../../src/measure/measure-trial';
import type { EpochMeasurement } from '../../src/results/bench-results';

/**
 * Seconds that each thing takes. All are whole or powers of ½, so that sums are exact; no two sums of the
 * kind that one may take for another are alike.
 */
export const COST = {
  import: 11,
  create: 13,
  read: 17,
  firstStep: 5,
  step: 1,
  evaluationBatch: 10,
  endOfFit: 0.5,
  forest: 4,
  warmUpBatch: 1000,
  inferenceBatch: 2,
  save: 7,
  warmUpCall: 64,
  /** Of the k-th call, times 1 to 10 in a mixed order. */
  call: 1 / 128,
  warmUpThroughput: 100,
  throughputBatch: 0.125,
  load: 3,
  firstCall: 0.25,
  reloadedBatch: 32,
};

/** For images of one pixel. */
const NETWORK: NetworkDescription = {
  schemaVersion: 1,
  name: 'one-pixel',
  nodes: [{ type: 'flatten' }, { type: 'dense', name: 'fc', units: 'classes' }],
};

export const TRAIN_COUNT = 80;
export const TEST_COUNT = 70;
export const BATCH_SIZE = 32;
export const EPOCHS = 2;
export const SAVED_BYTES = 1234 + 100;
export const CPU_SECONDS_PER_SECOND = 1.5;
export const WATTS = 50;

const WARM_UP_CALLS = 20;
const WARM_UP_BATCHES = 1;
const CLASSES = 2;

/** Everything a trial touches; time passes only where something is done. */
export class FakeTrial {
  now = 0;
  phase: TrialPhase | undefined;
  readonly phases: (readonly [TrialPhase, number])[] = [];
  readonly progress: PacedProgress[] = [];
  readonly epochs: EpochMeasurement[] = [];
  #calls = 0;

  readonly plan: TrialPlan;

  constructor(
    readonly family: Adapter['family'],
    directory: string,
  ) {
    this.plan = {
      backend: 'cpu',
      spec: { inputHeight: 1, inputWidth: 1, classNames: ['a', 'b'], seed: 1, network: NETWORK },
      training: { epochs: EPOCHS, batchSize: BATCH_SIZE },
      threads: 2,
      inferenceBatchSize: 32,
      modelDirectory: join(directory, 'model'),
    };
  }

  environment(changes: Partial<TrialEnvironment> = {}): TrialEnvironment {
    return {
      loadAdapter: () => this.#take(COST.import, this.adapter()),
      readImages: () => this.#take(COST.read, { train: images(TRAIN_COUNT), test: testImages() }),
      clock: () => this.now,
      readResourceUsage: () => this.usage(),
      startEnergyWatch: () => {
        const start = this.now;
        return { finish: () => WATTS * (this.now - start) };
      },
      signal: new AbortController().signal,
      onPhase: (phase) => {
        this.phase = phase;
        this.#calls = 0;
        this.phases.push([phase, this.now]);
      },
      onProgress: (progress) => this.progress.push(progress),
      onEpoch: (epoch) => this.epochs.push(epoch),
      ...changes,
    };
  }

  /** Grows with all that is done, as processor time and the peak of memory do. */
  usage(): ResourceUsage {
    return { cpuSeconds: CPU_SECONDS_PER_SECOND * this.now, peakRssBytes: 1e6 + this.now };
  }

  adapter(changes: Partial<Classifier> = {}): Adapter {
    const create = (cost: number, predict: Classifier['predict']) =>
      this.#take(cost, { ...this.#classifier(predict), ...changes });
    return {
      id: 'fake',
      family: this.family,
      probe: async () => [{ name: 'cpu', available: true, device: 'CPU', versions: {} }],
      create: () => create(COST.create, (_, count) => this.#predict(count)),
      load: () => create(COST.load, (_, count) => this.#predictReloaded(count)),
    } as unknown as Adapter;
  }

  #classifier(predict: Classifier['predict']): Classifier {
    return {
      fit: (_, options = {}) =>
        this.family === 'cnn' ? this.#fitNetwork(options) : this.#fitForest(options),
      predict,
      ...this.#weights(),
      save: async (folder) => {
        await mkdir(join(folder, 'inner'), { recursive: true });
        await writeFile(join(folder, 'weights'), new Uint8Array(1234));
        await writeFile(join(folder, 'inner', 'more'), new Uint8Array(100));
        this.now += COST.save;
      },
      dispose: async () => {},
    };
  }

  /** What the audits look at besides. */
  #weights(): Partial<CnnClassifier> {
    return {
      getWeights: async () => createInitialWeights(this.plan.spec),
      predictLogits: async (_, count) => answers(count, 0),
    };
  }

  async #fitNetwork({ onProgress, onEpochEnd }: CnnFitOptions) {
    const steps = Math.ceil(TRAIN_COUNT / BATCH_SIZE);
    for (let step = 0; step < steps * EPOCHS; step++) {
      this.now += step === 0 ? COST.firstStep : COST.step;
      onProgress?.({ unit: 'step', completed: step + 1, total: steps * EPOCHS });
      const epoch = (step + 1) / steps;
      if (Number.isInteger(epoch)) await onEpochEnd?.({ epoch, trainLoss: 1 / epoch });
    }
    this.now += COST.endOfFit;
    return { details: { optimiser: 'adam' }, notes: [] };
  }

  async #fitForest({ onProgress }: FitOptions) {
    this.now += COST.forest;
    onProgress?.({ unit: 'tree', completed: 1, total: 1 });
    return { details: {}, notes: [] };
  }

  /** All right: whatever is asked, the images' class is the first. */
  async #predict(count: number): Promise<Float32Array> {
    this.now += this.#predictionCost();
    this.#calls++;
    return answers(count, 0);
  }

  #predictionCost(): number {
    const calls = this.#calls;
    if (this.phase === 'train') return COST.evaluationBatch;
    if (this.phase === 'inference') return calls === 0 ? COST.warmUpBatch : COST.inferenceBatch;
    if (this.phase === 'latency') return latencyCost(calls);
    // Each batch size has one batch to warm up, since that takes long, and four to fill half a second.
    return calls % 5 < WARM_UP_BATCHES ? COST.warmUpThroughput : COST.throughputBatch;
  }

  /** All wrong: the model that was saved is not the one that was trained. */
  async #predictReloaded(count: number): Promise<Float32Array> {
    this.now += this.#calls++ === 0 ? COST.firstCall : COST.reloadedBatch;
    return answers(count, 1);
  }

  async #take<T>(seconds: number, result: T): Promise<T> {
    this.now += seconds;
    return result;
  }
}

/** 1 to 10 times the unit, in an order that is neither rising nor falling. */
function latencyCost(calls: number): number {
  if (calls < WARM_UP_CALLS) return COST.warmUpCall;
  return (((calls * 7) % 10) + 1) * COST.call;
}

function answers(count: number, label: number): Float32Array {
  return Float32Array.from({ length: count * CLASSES }, (_, i) => Number(i % CLASSES === label));
}

function images(count: number): LabelledImages {
  return { pixels: new Uint8Array(count * 3), labels: new Int32Array(count), count };
}

/** Seven of ten are of the first class. */
function testImages(): LabelledImages {
  const labels = Int32Array.from({ length: TEST_COUNT }, (_, image) => Number(image % 10 >= 7));
  return { ...images(TEST_COUNT), labels };
}
