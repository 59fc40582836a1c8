import {
  assertArgument,
  assertPixels,
  type Classifier,
  DlcmpError,
  ExclusiveQueue,
  type FitSummary,
  type LabelledImages,
  type Weights,
} from '@dlcmp/contract';
import { type InferenceOutput, LOGITS, PROBABILITIES } from '../model/inference-model';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { GraphTrainer } from './graph-trainer';
import { mapTensors } from './heap-tensors';
import { Predictor } from './predictor';
import { saveSequentialModel } from './saved-sequential-model';
import type { ResolvedSequentialSpec } from './sequential-spec';
import { type PlanPosition, restoreCheckpoint, writeCheckpoint } from './training-checkpoint';
import {
  createTrainingRun,
  runTraining,
  type SequentialFitOptions,
  type TrainingRun,
} from './training-run';

const BEGINNING: PlanPosition = { epoch: 1, step: 0, completed: 0, lossSum: 0 };

/**
 * A classifier of any layers. Weights are updated in place, so whatever reads or writes them waits its
 * turn in a queue.
 */
export class SequentialClassifier implements Classifier<SequentialFitOptions> {
  readonly #runtime: OnnxRuntime;
  readonly #spec: ResolvedSequentialSpec;
  /** Weights and state. */
  readonly #values: Weights;
  readonly #predictor: Predictor;
  readonly #queue = new ExclusiveQueue();
  #trainer: GraphTrainer | undefined;
  #fitted: boolean;
  #fitting = false;
  #disposal: Promise<void> | undefined;

  constructor(runtime: OnnxRuntime, spec: ResolvedSequentialSpec) {
    this.#runtime = runtime;
    this.#spec = spec;
    this.#values = mapTensors(spec.initialWeights, (data) => data.slice());
    this.#predictor = new Predictor(runtime, spec.network, () => this.#values);
    this.#fitted = spec.pretrained;
  }

  /** The classes that a row of probabilities is of, in order. */
  get classNames(): readonly string[] {
    return this.#spec.classNames;
  }

  /**
   * Trains from the initial weights, or goes on where `options.resumeFrom` stands: then weights come
   * out bitwise as those of an unbroken run on the same machine, threads and schedule.
   *
   * @throws `INVALID_ARGUMENT`, `INVALID_FILE`, `ABORTED`, `DIVERGED`, `DISPOSED`
   */
  async fit(images: LabelledImages, options: SequentialFitOptions = {}): Promise<FitSummary> {
    this.#assertUsable();
    assertArgument(!this.#fitting, 'fit is under way already: wait until it is over.');
    const run = createTrainingRun(this.#spec, images, options);
    this.#fitting = true;
    try {
      const start = await this.#exclusively(() => this.#begin(run));
      await runTraining(run, start, {
        step: (...parameters) => this.#exclusively(() => this.#step(...parameters)),
        weights: () => this.#values,
        getWeights: async () => this.#values,
        predictLogits: (...parameters) => this.predictLogits(...parameters),
        checkpoint: (position) => this.#checkpoint(run, position),
      });
    } finally {
      this.#fitting = false;
    }
    const { optimizer, network } = this.#spec;
    const weights = Object.keys(network.weightShapes);
    const count = weights.reduce((sum, name) => sum + (this.#values[name]?.data.length ?? 0), 0);
    return { details: { weights: count, optimizer: optimizer.kind }, notes: [] };
  }

  /** @throws `INVALID_ARGUMENT`, `NOT_FITTED`, `DISPOSED` */
  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertUsable();
    this.#assertFitted();
    return this.#infer(pixels, count, PROBABILITIES);
  }

  /** Scores before softmax: row-major [count × classes]. Works untrained. */
  async predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertUsable();
    return this.#infer(pixels, count, LOGITS);
  }

  /** The current weights and state under PyTorch's names, copied. */
  async getWeights(): Promise<Weights> {
    return this.#exclusively(async () => mapTensors(this.#values, (data) => data.slice()));
  }

  /**
   * Writes `model.onnx`, `weights.safetensors` and `model.json` into `directory`.
   *
   * @throws `NOT_FITTED`, `DISPOSED`
   */
  async save(directory: string): Promise<void> {
    this.#assertUsable();
    this.#assertFitted();
    await this.#exclusively(() => saveSequentialModel(directory, this.#spec, this.#values));
  }

  /** Stops a fit at its next step and frees native memory. Idempotent. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#queue.run(async () => {
      await this.#predictor.release();
      await this.#trainer?.release();
      this.#trainer = undefined;
    });
    return this.#disposal;
  }

  async #begin({ options, settings }: TrainingRun): Promise<PlanPosition> {
    const trainer = await this.#openTrainer();
    await this.#predictor.forget();
    this.#fitted = true;
    if (options.resumeFrom !== undefined) {
      return restoreCheckpoint(options.resumeFrom, this.#values, trainer, settings);
    }
    trainer.optimizer.reset();
    for (const [name, { data }] of Object.entries(this.#spec.initialWeights)) {
      this.#values[name]?.data.set(data);
    }
    return BEGINNING;
  }

  async #step(...parameters: Parameters<GraphTrainer['step']>) {
    const trainer = await this.#openTrainer();
    await this.#predictor.forget();
    return trainer.step(...parameters);
  }

  async #checkpoint({ options, settings }: TrainingRun, position: PlanPosition): Promise<void> {
    const path = options.checkpoint?.path;
    if (path === undefined) return;
    await this.#exclusively(async () =>
      writeCheckpoint(path, this.#values, await this.#openTrainer(), position, settings),
    );
  }

  async #infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    assertPixels(pixels, count, this.#spec);
    return this.#exclusively(() => this.#predictor.run(pixels, count, output));
  }

  /** Opened when first needed: a model that only predicts takes no memory for training. */
  async #openTrainer(): Promise<GraphTrainer> {
    const { network } = this.#spec;
    this.#trainer ??= await GraphTrainer.create(this.#runtime, network, this.#values, this.#spec);
    return this.#trainer;
  }

  #exclusively<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#assertUsable();
    return this.#queue.run(task);
  }

  #assertUsable(): void {
    if (this.#disposal) {
      throw new DlcmpError('DISPOSED', 'This classifier was disposed. Create or load another one.');
    }
  }

  #assertFitted(): void {
    if (this.#fitted) return;
    throw new DlcmpError(
      'NOT_FITTED',
      'This classifier is untrained. Call fit first, give initialWeights, or load a saved model.',
    );
  }
}
