import {
  type AdamOptions,
  assertArgument,
  assertCnnSpec,
  assertLabelledImages,
  assertPixels,
  type CnnClassifier,
  type CnnFitOptions,
  createInitialWeights,
  type DeferredLoss,
  DlcmpError,
  type FitSummary,
  type LabelledImages,
  type ModelSpec,
  resolveAdamOptions,
  type TrainingBatch,
  trainEpochs,
  type Weights,
} from '@dlcmp/contract';
import { saveModel } from '../classifier/saved-model';
import { simpleCnn } from '../model/simple-cnn';
import type { DeviceNetwork, Prediction } from './device-network';

/** The contract's CNN on a GPU; weights, gradients and moments stay there. */
export class DeviceClassifier implements CnnClassifier {
  readonly #spec: ModelSpec;
  readonly #backend: string;
  readonly #network: DeviceNetwork;
  /** Whether the weights are those that the spec starts from. */
  #initial = true;
  #fitting = false;
  #disposed = false;

  /** @param backend name of the backend, for the summary of `fit` */
  constructor(spec: ModelSpec, backend: string, network: DeviceNetwork) {
    this.#spec = spec;
    this.#backend = backend;
    this.#network = network;
    network.writeWeights(createInitialWeights(spec));
  }

  async fit(images: LabelledImages, options: CnnFitOptions = {}): Promise<FitSummary> {
    this.#assertUsable();
    assertArgument(!this.#fitting, 'fit is under way already: wait until it is over.');
    const adam = resolveAdamOptions(options);
    let restart = true;
    this.#fitting = true;
    try {
      const step = async (batch: TrainingBatch) => {
        this.#assertUsable();
        if (restart) this.#restart();
        restart = false;
        return this.#step(batch, adam);
      };
      await trainEpochs(this.#spec, images, options, step, this);
    } finally {
      this.#fitting = false;
    }
    return { details: { backend: this.#backend }, notes: [] };
  }

  async trainStep(batch: TrainingBatch, adam: AdamOptions = {}): Promise<number> {
    this.#assertUsable();
    this.#assertBatch(batch);
    return this.#step(batch, resolveAdamOptions(adam)).read();
  }

  async computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }> {
    this.#assertUsable();
    this.#assertBatch(batch);
    return this.#network.computeGradients(batch);
  }

  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertFitted();
    return this.#infer(pixels, count, 'probabilities');
  }

  async predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array> {
    return this.#infer(pixels, count, 'logits');
  }

  async getWeights(): Promise<Weights> {
    this.#assertUsable();
    return this.#network.readWeights();
  }

  async save(directory: string): Promise<void> {
    this.#assertFitted();
    await saveModel(directory, this.#spec, simpleCnn(this.#spec), await this.getWeights());
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#network.release();
  }

  #infer(pixels: Uint8Array, count: number, prediction: Prediction): Float32Array {
    this.#assertUsable();
    assertPixels(pixels, count, this.#spec);
    return this.#network.predict(pixels, count, prediction);
  }

  #step(batch: TrainingBatch, adam: Required<AdamOptions>): DeferredLoss {
    this.#initial = false;
    return this.#network.step(batch, adam);
  }

  /** Back to the spec's initial weights, with the optimiser's memory empty. */
  #restart(): void {
    this.#network.resetOptimizer();
    if (!this.#initial) this.#network.writeWeights(createInitialWeights(this.#spec));
  }

  #assertUsable(): void {
    if (this.#disposed) {
      throw new DlcmpError('DISPOSED', 'This classifier was disposed. Create or load another one.');
    }
  }

  #assertFitted(): void {
    this.#assertUsable();
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
    const images = { pixels, labels, count: size };
    assertLabelledImages(images, { inputHeight, inputWidth }, classNames.length);
    const units = size * assertCnnSpec(this.#spec).hiddenUnits;
    assertArgument(
      dropoutKeep instanceof Uint8Array && dropoutKeep.length === units,
      `dropoutKeep must be a Uint8Array of ${units} values, one for each image and hidden unit.`,
    );
  }
}
