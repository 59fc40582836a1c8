import type { CnnClassifier, CnnFitOptions, FitSummary, ResourceUsage } from '../classifier';
import { assertArgument, DlcmpError } from '../errors';
import { assertPixels, type TrainingImages } from '../images';
import { createInitialWeights } from '../initial-weights';
import { assertFitsMemory } from '../memory-limit';
import { type ModelSpec, networkOf } from '../model-spec';
import { assertNetworkWeights } from '../network/network-weights';
import { type Network, weightCount } from '../network/resolve-network';
import { type SplitNetwork, splitNetwork } from '../network/split-network';
import { type SaveModelFiles, writeSavedNetwork } from '../saved-network';
import { assertFiniteStep } from '../training/divergence';
import {
  BEGINNING,
  imagesDigest,
  type RunSettings,
  restoreCheckpoint,
  runSettings,
  type StartingPoint,
} from '../training/training-checkpoint';
import {
  createTrainingRun,
  resolveLearning,
  scheduledRate,
  type TrainingRun,
} from '../training/training-run';
import type { TrainingBatch } from '../training-plan';
import type { Weights } from '../weights';
import {
  assertBatch,
  assertCheckpoints,
  assertLearnable,
  assertSplit,
  needsSettings,
} from './assert-fit';
import type { Engine, InferenceOutput, OpenOptions, TrainableModel } from './engine';
import { ExclusiveQueue } from './exclusive-queue';
import { FrozenTrunk } from './frozen-trunk';
import { type ModelTurns, trainModel } from './train-model';
import { unshared } from './unshared';
import { UsageSum } from './usage-sum';

/** Whose classifier it is, for errors, summaries and saved models. */
export interface ClassifierOrigin {
  /** `id` of the adapter. */
  readonly adapter: string;
  readonly engine: Engine;
  /** Writes what the adapter's own users expect beside the contract's files. */
  readonly saveModelFiles?: SaveModelFiles;
}

/**
 * The life of a classifier, whatever engine computes: weights are drawn by the seed, trained by the plan, asked, saved and
 * freed. Weights are updated in place, so whatever reads or writes them waits its turn in a queue.
 */
export class NetworkClassifier implements CnnClassifier {
  readonly network: Network;
  /** Where the engine computes in a process of its own. */
  readonly resourceUsage?: () => Promise<ResourceUsage>;
  readonly #spec: ModelSpec;
  readonly #origin: ClassifierOrigin;
  readonly #openOptions: OpenOptions;
  readonly #model: TrainableModel;
  readonly #queue = new ExclusiveQueue();
  /** Whether the weights are those that the spec starts from. */
  #initial = true;
  #fitting = false;
  /** Of processes that trained the last layers. */
  readonly #tailUsage = new UsageSum();
  readonly #turns: ModelTurns = {
    exclusively: (task) => this.#exclusively(task),
    onStep() {},
  };
  #disposal: Promise<void> | undefined;

  private constructor(
    spec: ModelSpec,
    network: Network,
    origin: ClassifierOrigin,
    openOptions: OpenOptions,
    model: TrainableModel,
  ) {
    this.#spec = spec;
    this.network = network;
    this.#origin = origin;
    this.#openOptions = openOptions;
    this.#model = model;
    if (model.resourceUsage) {
      const used = model.resourceUsage.bind(model);
      this.resourceUsage = () => this.#exclusively(async () => this.#tailUsage.with(await used()));
    }
  }

  /**
   * The classifier of `spec` in an engine, with its initial weights.
   *
   * @throws `INVALID_ARGUMENT`, also where the engine does not support the network; `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
   */
  static async open(
    origin: ClassifierOrigin,
    spec: ModelSpec,
    options: OpenOptions,
  ): Promise<NetworkClassifier> {
    const network = networkOf(spec);
    const { adapter, engine } = origin;
    const support = engine.supports(network);
    assertArgument(
      support === true,
      `${adapter}:${engine.id} does not compute ${network.description.name}: ${support}. Choose another engine, or another network.`,
    );
    if (spec.initialWeights) assertNetworkWeights(spec.initialWeights, network);
    assertFitsMemory(network.weightShapes);
    const model = await engine.open(network, options);
    try {
      await model.writeWeights(createInitialWeights(spec, network));
    } catch (error) {
      await model.release();
      throw error;
    }
    return new NetworkClassifier(spec, network, origin, options, model);
  }

  /** The classes that a row of probabilities is of, in order. */
  get classNames(): readonly string[] {
    return this.#spec.classNames;
  }

  /**
   * Trains from the initial weights, or goes on where `options.resumeFrom` stands: then weights come out bitwise as those of
   * an unbroken run in the same engine, on the same machine and threads.
   */
  async fit(images: TrainingImages, options: CnnFitOptions = {}): Promise<FitSummary> {
    this.#assertUsable();
    assertArgument(!this.#fitting, 'fit is under way already: wait until it is over.');
    const run = createTrainingRun(this.network, this.#spec.seed, images, options);
    assertLearnable(this.#origin, run.learning, this.#openOptions);
    assertCheckpoints(this.#origin, this.#model, options);
    const split = splitNetwork(this.network, options.train ?? 'all');
    if (split) assertSplit(this.#origin, this.network, options);
    this.#fitting = true;
    try {
      const { details, notes } = split
        ? await this.#fitTail(images, options, split)
        : await this.#fitWhole(run, images);
      return { details: { ...this.#details(run), ...details }, notes };
    } finally {
      this.#fitting = false;
    }
  }

  async #fitWhole(run: TrainingRun, images: TrainingImages): Promise<FitSummary> {
    const settings = this.#settings(run, images);
    const start = await this.#exclusively(() => this.#begin(run, settings));
    return this.#train(run, start, settings);
  }

  /** The last layers as a network of their own, trained on the features of the others; put back after every epoch. */
  async #fitTail(
    images: TrainingImages,
    options: CnnFitOptions,
    split: SplitNetwork,
  ): Promise<FitSummary> {
    const initial = await this.#exclusively(async () => {
      await this.#resetWeights();
      return this.#model.readWeights();
    });
    const open = (network: Network) => this.#origin.engine.open(network, this.#openOptions);
    const tail = await FrozenTrunk.open(open, split, initial, this.#tailUsage);
    try {
      const featuresOf = (of: TrainingImages) => tail.featuresOf(of, this.network, options.signal);
      const features = await featuresOf(images);
      const predict = async (of: TrainingImages) => {
        const known = await featuresOf(of);
        return this.#exclusively(() => tail.predict(known));
      };
      const publish = async () =>
        this.#exclusively(async () => {
          this.#initial = false;
          await this.#model.writeWeights({ ...initial, ...(await tail.model.readWeights()) });
        });
      const run = createTrainingRun(split.tail, this.#spec.seed, features, {
        ...options,
        augmentation: 'none',
        onEpochEnd: async (result) => {
          await publish();
          await options.onEpochEnd?.({ ...result, predict });
        },
      });
      const settings = { ...this.#settings(run, images), ...tail.settings };
      const { resumeFrom } = options;
      const start =
        resumeFrom === undefined
          ? BEGINNING
          : await restoreCheckpoint(resumeFrom, tail.model, run, settings);
      const summary = await trainModel(tail.model, run, start, settings, this.#turns);
      // The best epoch's weights are put back behind the last one.
      if (run.validation) await publish();
      await tail.countUsage();
      return summary;
    } finally {
      await tail.release();
    }
  }

  /** What a checkpoint is compared by; nothing where there is none. */
  #settings(run: TrainingRun, images: TrainingImages): RunSettings {
    return needsSettings(run.options) ? runSettings(run, imagesDigest(images, this.network)) : {};
  }

  async trainStep(batch: TrainingBatch, options: CnnFitOptions = {}): Promise<number> {
    this.#assertUsable();
    assertBatch(batch, this.network);
    const { learning, schedule } = resolveLearning(options, this.network);
    assertLearnable(this.#origin, learning, this.#openOptions);
    const update = { ...learning, learningRate: scheduledRate({ schedule }, 0, 1) };
    const own = { ...batch, pixels: unshared(batch.pixels) };
    const result = await this.#exclusively(async () => {
      this.#initial = false;
      return this.#model.step(own, update);
    });
    const { loss } = 'read' in result ? await result.read() : result;
    assertFiniteStep(loss, {});
    return loss;
  }

  async computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }> {
    this.#assertUsable();
    assertBatch(batch, this.network);
    const own = { ...batch, pixels: unshared(batch.pixels) };
    const step = await this.#exclusively(() => this.#model.computeGradients(own, 0));
    assertFiniteStep(step.loss, step.gradients);
    return step;
  }

  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertFitted();
    return this.#infer(pixels, count, 'probabilities');
  }

  async predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array> {
    return this.#infer(pixels, count, 'logits');
  }

  async getWeights(): Promise<Weights> {
    return this.#exclusively(() => this.#model.readWeights());
  }

  /**
   * Writes `weights.safetensors`, `model.json` and what the adapter adds into `directory`.
   *
   * @throws `NOT_FITTED`, `DIVERGED`, `DISPOSED`
   */
  async save(directory: string): Promise<void> {
    this.#assertFitted();
    const weights = await this.getWeights();
    const { adapter, engine, saveModelFiles } = this.#origin;
    await writeSavedNetwork(
      directory,
      { adapter, engine: engine.id },
      { spec: this.#spec, network: this.network, weights },
      saveModelFiles,
    );
  }

  /** Stops a fit at its next step and frees native memory. Idempotent. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#queue.run(() => this.#model.release());
    return this.#disposal;
  }

  async #begin({ options, ...run }: TrainingRun, settings: RunSettings): Promise<StartingPoint> {
    await this.#model.resetOptimizer();
    if (options.resumeFrom !== undefined) {
      const start = await restoreCheckpoint(
        options.resumeFrom,
        this.#model,
        { ...run, options },
        settings,
      );
      this.#initial = false;
      return start;
    }
    await this.#resetWeights();
    return BEGINNING;
  }

  async #resetWeights(): Promise<void> {
    if (this.#initial) return;
    await this.#model.writeWeights(createInitialWeights(this.#spec, this.network));
    this.#initial = true;
  }

  /** The whole network's model. */
  #train(run: TrainingRun, start: StartingPoint, settings: RunSettings): Promise<FitSummary> {
    const onStep = () => {
      this.#initial = false;
    };
    return trainModel(this.#model, run, start, settings, { ...this.#turns, onStep });
  }

  async #infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    this.#assertUsable();
    assertPixels(pixels, count, this.network);
    const own = unshared(pixels);
    const answers = await this.#exclusively(() => this.#model.infer(own, count, output));
    if (!answers.every(Number.isFinite)) {
      throw new DlcmpError(
        'DIVERGED',
        `The network answered ${output} that are not finite: its weights are too large or not finite. Train it anew with a lower learning rate.`,
      );
    }
    return answers;
  }

  #details({ learning }: TrainingRun): FitSummary['details'] {
    return {
      engine: this.#origin.engine.id,
      device: this.#openOptions.device,
      weights: weightCount(this.network),
      optimizer: learning.optimizer.kind,
    };
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
    this.#assertUsable();
    if (this.#initial && this.#spec.initialWeights === undefined) {
      throw new DlcmpError(
        'NOT_FITTED',
        'This classifier is untrained. Call fit first, give initialWeights, or load a saved model.',
      );
    }
  }
}
