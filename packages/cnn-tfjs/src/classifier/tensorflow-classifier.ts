import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type AdamOptions,
  assertArgument,
  assertCnnSpec,
  assertFiniteWeights,
  assertPixels,
  bytesPerImage,
  type CnnArchitecture,
  type CnnClassifier,
  type CnnFitOptions,
  createInitialWeights,
  type DeferredLoss,
  DlcmpError,
  type FitSummary,
  type LabelledImages,
  type ModelSpec,
  makeFolder,
  resolveAdamOptions,
  type TrainingBatch,
  trainEpochs,
  type Weights,
  writeSavedCnn,
} from '@dlcmp/contract';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { ADAPTER_ID } from '../adapter-id';
import type { CompiledInference, CompiledTraining, TensorFlowRuntime } from '../engines/runtime';
import { LAYERS_WEIGHTS_FILE, layersModel } from '../layers-model';
import type { NamedTensors } from '../network/operation';
import { pixelInput } from '../network/pixel-input';
import { simpleCnn } from '../network/simple-cnn';
import { type LossAndGradients, lossAndGradients } from '../network/training-step';
import { toTensors, toWeights } from '../network/weight-layout';
import { AdamOptimizer } from '../optimizers/adam-optimizer';
import { assertTrainingBatch } from './training-batch';

/** Images computed at a time in inference: more are no faster and take more memory. */
const INFERENCE_BATCH = 32;
/** Batches that a backend which computes behind JavaScript may have before it. */
const MOST_BATCHES_BEHIND = 4;

/** The contract's CNN on TensorFlow. */
export class TensorFlowClassifier implements CnnClassifier {
  readonly #spec: ModelSpec & CnnArchitecture;
  readonly #runtime: TensorFlowRuntime;
  #weights: NamedTensors;
  /** Made when first needed: a model that only predicts keeps no moments. */
  #optimizer: AdamOptimizer | undefined;
  /** In the place of the optimiser, where the runtime has one. */
  #compiled: CompiledTraining | undefined;
  #compiledInference: CompiledInference | undefined;
  /** Whether the weights are those that the spec starts from. */
  #initial = true;
  #fitting = false;
  #disposal: Promise<void> | undefined;

  /**
   * @param runtime closed by `dispose`
   * @throws `INVALID_ARGUMENT`
   */
  constructor(runtime: TensorFlowRuntime, spec: ModelSpec) {
    const architecture = assertCnnSpec(spec);
    this.#spec = { ...spec, ...architecture, architecture };
    this.#runtime = runtime;
    this.#weights = this.#createWeights();
  }

  async fit(images: LabelledImages, options: CnnFitOptions = {}): Promise<FitSummary> {
    this.#assertUsable();
    assertArgument(!this.#fitting, 'fit is under way already: wait until it is over.');
    const adam = resolveAdamOptions(options);
    let restart = true;
    this.#fitting = true;
    try {
      const step = (batch: TrainingBatch) => {
        if (restart) this.#restart();
        restart = false;
        return this.#step(batch, adam);
      };
      await trainEpochs(this.#spec, images, options, step, this);
    } finally {
      this.#fitting = false;
    }
    const { backend, threads } = this.#runtime;
    return { details: { backend, threads }, notes: [] };
  }

  async trainStep(batch: TrainingBatch, adam: AdamOptions = {}): Promise<number> {
    const loss = await this.#step(batch, resolveAdamOptions(adam));
    return typeof loss === 'number' ? loss : loss.read();
  }

  async #step(
    batch: TrainingBatch,
    options: Required<AdamOptions>,
  ): Promise<number | DeferredLoss> {
    // A step holds the thread until it is done: timers and signals get their turn before it.
    await nextTurn();
    const { compileTraining, run } = this.#runtime;
    if (compileTraining) {
      this.#assertUsable();
      assertTrainingBatch(batch, this.#spec);
      this.#compiled ??= run(() => compileTraining(this.#spec, this.#weights));
      this.#initial = false;
      return this.#compiled.step(batch, options);
    }
    return this.#differentiate(batch, ({ loss, gradients }) => {
      this.#optimizer ??= new AdamOptimizer(this.#runtime, this.#weights);
      this.#optimizer.step(gradients, options);
      this.#initial = false;
      return this.#readNumber(loss);
    });
  }

  async computeGradients(batch: TrainingBatch): Promise<{ loss: number; gradients: Weights }> {
    const [loss, gradients] = await this.#differentiate(batch, (results) =>
      Promise.all([
        this.#readNumber(results.loss),
        toWeights(this.#runtime, results.gradients, this.#spec),
      ]),
    );
    return { loss, gradients };
  }

  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertFitted();
    return this.#infer(pixels, count, 'probabilities');
  }

  async predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array> {
    return this.#infer(pixels, count, 'logits');
  }

  async getWeights(): Promise<Weights> {
    return this.#compute(() => toWeights(this.#runtime, this.#weights, this.#spec));
  }

  /** Writes a directory that is a LayersModel of TensorFlow.js besides. */
  async save(directory: string): Promise<void> {
    this.#assertFitted();
    const model = this.#compute(() => layersModel(this.#runtime, this.#spec, this.#weights));
    const weights = this.getWeights();
    const { json, bytes } = await model;
    assertFiniteWeights(await weights, 'in the model that is to be saved');
    await makeFolder(directory);
    await writeFile(join(directory, LAYERS_WEIGHTS_FILE), bytes);
    await writeSavedCnn(directory, ADAPTER_ID, this.#spec, await weights, json);
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#free();
    return this.#disposal;
  }

  #createWeights(): NamedTensors {
    const { tf, run } = this.#runtime;
    return run(() => toTensors(tf, createInitialWeights(this.#spec), this.#spec));
  }

  /** Back to the spec's initial weights, with the optimiser's memory empty. */
  #restart(): void {
    this.#assertUsable();
    this.#optimizer?.dispose();
    this.#optimizer = undefined;
    this.#endCompiled();
    if (this.#initial) return;
    this.#disposeWeights();
    this.#weights = this.#createWeights();
  }

  #differentiate<Result>(batch: TrainingBatch, use: (results: LossAndGradients) => Result): Result {
    this.#assertUsable();
    assertTrainingBatch(batch, this.#spec);
    const { tf } = this.#runtime;
    return this.#compute(() => use(lossAndGradients(tf, this.#weights, batch, this.#spec)));
  }

  async #infer(
    pixels: Uint8Array,
    count: number,
    prediction: 'logits' | 'probabilities',
  ): Promise<Float32Array> {
    this.#assertUsable();
    assertPixels(pixels, count, this.#spec);
    const { tf, compileInference, run } = this.#runtime;
    if (compileInference) {
      this.#compiledInference ??= run(() => compileInference(this.#spec));
      return this.#compiledInference.run(pixels, count, this.#weights, prediction);
    }
    const finish = (logits: Tensor2D) => (prediction === 'logits' ? logits : tf.softmax(logits));
    const imageBytes = bytesPerImage(this.#spec);
    const classCount = this.#spec.classNames.length;
    const result = new Float32Array(count * classCount);
    const reads: Promise<void>[] = [];
    for (let start = 0; start < count; start += INFERENCE_BATCH) {
      const size = Math.min(INFERENCE_BATCH, count - start);
      const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const rows = this.#compute(() => this.#runtime.read(finish(this.#logits(batch, size))));
      reads.push(rows.then((values) => result.set(values, start * classCount)));
      if (reads.length === MOST_BATCHES_BEHIND) await reads.shift();
    }
    await Promise.all(reads);
    return result;
  }

  #logits(pixels: Uint8Array, count: number): Tensor2D {
    const { tf } = this.#runtime;
    const images = pixelInput(tf, pixels, count, this.#spec);
    return simpleCnn(this.#spec)(images, { tf, weights: this.#weights, forwardOnly: true })
      .output as Tensor2D;
  }

  async #readNumber(scalar: Tensor): Promise<number> {
    return (await this.#runtime.read(scalar))[0] as number;
  }

  /** Runs `work` on the backend and disposes every tensor that it makes and does not keep. */
  #compute<Result>(work: () => Result): Result {
    this.#assertUsable();
    const engine = this.#runtime.tf.engine();
    return this.#runtime.run(() => {
      engine.startScope();
      try {
        return work();
      } finally {
        engine.endScope();
      }
    });
  }

  async #free(): Promise<void> {
    this.#optimizer?.dispose();
    this.#endCompiled();
    if (this.#compiledInference) this.#runtime.run(() => this.#compiledInference?.dispose());
    this.#disposeWeights();
    await this.#runtime.close();
  }

  #endCompiled(): void {
    const compiled = this.#compiled;
    this.#compiled = undefined;
    if (compiled) this.#runtime.run(() => compiled.dispose());
  }

  #disposeWeights(): void {
    for (const tensor of Object.values<Tensor>(this.#weights)) tensor.dispose();
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
        'This classifier is untrained. Call fit first, or load a saved model.',
      );
    }
  }
}
