import {
  type AdamOptions,
  assertArgument,
  assertCnnSpec,
  assertLabelledImages,
  assertPixels,
  type CnnClassifier,
  type CnnFitOptions,
  createInitialWeights,
  DlcmpError,
  ExclusiveQueue,
  elementCount,
  type FitSummary,
  type LabelledImages,
  type ModelSpec,
  resolveAdamOptions,
  type TrainingBatch,
  trainEpochs,
  type Weights,
} from '@dlcmp/contract';
import type { Network } from '../layers/sequential';
import { type InferenceOutput, LOGITS, PROBABILITIES } from '../model/inference-model';
import { simpleCnn } from '../model/simple-cnn';
import type { OnnxRuntime } from '../runtime/onnx-runtime';
import { mapTensors } from './heap-tensors';
import { Predictor } from './predictor';
import { saveModel } from './saved-model';
import { createTrainer, type Trainer } from './trainer';

/**
 * The contract's CNN on ONNX Runtime. Weights are updated in place, so whatever reads or writes
 * them waits its turn in a queue.
 */
export class OnnxClassifier implements CnnClassifier {
  readonly #spec: ModelSpec;
  readonly #runtime: OnnxRuntime;
  readonly #network: Network;
  /** The initial weights, until a trainer has taken them over. */
  #initialWeights: Weights | undefined;
  readonly #predictor: Predictor;
  readonly #queue = new ExclusiveQueue();
  #trainer: Trainer | undefined;
  /** Whether the weights are those that the spec starts from. */
  #initial = true;
  #fitting = false;
  #disposal: Promise<void> | undefined;

  /** @throws `INVALID_ARGUMENT` */
  constructor(runtime: OnnxRuntime, spec: ModelSpec) {
    this.#spec = spec;
    this.#runtime = runtime;
    this.#network = simpleCnn(spec);
    this.#initialWeights = mapTensors(createInitialWeights(spec), (data) => data.slice());
    this.#predictor = new Predictor(runtime, this.#network, () => this.#readWeights());
  }

  async fit(images: LabelledImages, options: CnnFitOptions = {}): Promise<FitSummary> {
    this.#assertUsable();
    assertArgument(!this.#fitting, 'fit is under way already: wait until it is over.');
    const adam = resolveAdamOptions(options);
    let restart = true;
    this.#fitting = true;
    try {
      const step = (batch: TrainingBatch) =>
        this.#exclusively(async () => {
          if (restart) await this.#restart();
          restart = false;
          return this.#step(batch, adam);
        });
      await trainEpochs(this.#spec, images, options, step, this);
    } finally {
      this.#fitting = false;
    }
    return { details: { weights: this.#weightCount() }, notes: [] };
  }

  async trainStep(batch: TrainingBatch, adam: AdamOptions = {}): Promise<number> {
    this.#assertUsable();
    this.#assertBatch(batch);
    const options = resolveAdamOptions(adam);
    return this.#exclusively(() => this.#step(batch, options));
  }

  async computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }> {
    this.#assertUsable();
    this.#assertBatch(batch);
    return this.#exclusively(async () => {
      const trainer = await this.#openTrainer();
      return trainer.computeGradients(batch);
    });
  }

  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertUsable();
    this.#assertFitted();
    return this.#infer(pixels, count, PROBABILITIES);
  }

  async predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertUsable();
    return this.#infer(pixels, count, LOGITS);
  }

  async getWeights(): Promise<Weights> {
    this.#assertUsable();
    return this.#exclusively(async () => mapTensors(this.#readWeights(), (data) => data.slice()));
  }

  async save(directory: string): Promise<void> {
    this.#assertUsable();
    this.#assertFitted();
    await this.#exclusively(() =>
      saveModel(directory, this.#spec, this.#network, this.#readWeights()),
    );
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#queue.run(async () => {
      await this.#predictor.release();
      await this.#trainer?.release();
      this.#trainer = undefined;
    });
    return this.#disposal;
  }

  async #infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    assertPixels(pixels, count, this.#spec);
    return this.#exclusively(() => this.#predictor.run(pixels, count, output));
  }

  async #step(batch: TrainingBatch, adam: Required<AdamOptions>): Promise<number> {
    const trainer = await this.#openTrainer();
    await this.#predictor.forget();
    this.#initial = false;
    return trainer.step(batch, adam);
  }

  /** Back to the spec's initial weights, with the optimiser's memory empty. */
  async #restart(): Promise<void> {
    const trainer = await this.#openTrainer();
    trainer.reset();
    if (!this.#initial) trainer.writeWeights(createInitialWeights(this.#spec));
  }

  /** Opened when first needed: a model that only predicts takes no memory for training. */
  async #openTrainer(): Promise<Trainer> {
    if (!this.#trainer) {
      this.#trainer = await createTrainer(this.#runtime, this.#network, this.#readWeights());
      this.#initialWeights = undefined;
    }
    return this.#trainer;
  }

  #readWeights(): Weights {
    return this.#initialWeights ?? (this.#trainer as Trainer).readWeights();
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
    if (this.#initial && this.#spec.initialWeights === undefined) {
      throw new DlcmpError(
        'NOT_FITTED',
        'This classifier is untrained. Call fit first, or load a saved model.',
      );
    }
  }

  #assertBatch({
    pixels,
    labels,
    masks: { dropout: dropoutKeep = new Uint8Array(0) },
    size,
  }: TrainingBatch): void {
    const { inputHeight, inputWidth, classNames } = this.#spec;
    assertLabelledImages(
      { pixels, labels, count: size },
      { inputHeight, inputWidth },
      classNames.length,
    );
    const { hiddenUnits } = assertCnnSpec(this.#spec);
    assertArgument(
      dropoutKeep instanceof Uint8Array && dropoutKeep.length === size * hiddenUnits,
      `dropoutKeep must be a Uint8Array of ${size * hiddenUnits} values, one for each image and hidden unit.`,
    );
  }

  #weightCount(): number {
    const shapes = Object.values(this.#network.weightShapes);
    return shapes.reduce((sum, shape) => sum + elementCount(shape), 0);
  }
}
