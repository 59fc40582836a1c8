import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type AdamOptions,
  assertCnnSpec,
  assertPixels,
  bytesPerImage,
  type CnnArchitecture,
  type CnnClassifier,
  type CnnFitOptions,
  createInitialWeights,
  DlcmpError,
  type FitSummary,
  type LabelledImages,
  type ModelSpec,
  type TrainingBatch,
  trainEpochs,
  writeModelManifest,
  writeSafetensors,
} from '@dlcmp/bench-core/contract';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlowRuntime } from '../backends/backend';
import type { NamedTensors } from '../layers/layer';
import { pixelInput } from '../model/pixel-input';
import { simpleCnn } from '../model/simple-cnn';
import { lossAndGradients } from '../model/training-step';
import { toTensors, toWeights } from '../model/weight-layout';
import { type AdamOptimizer, createAdam } from '../optimizers/adam';

/** Images computed at a time in inference: bounds memory, and larger batches are no faster. */
const INFERENCE_BATCH = 32;

/** Who wrote a saved model, and the name of its weight file. */
export const ADAPTER_ID = 'cnn-tfjs';
export const WEIGHTS_FILE = 'weights.safetensors';

/** The `simple-cnn` on a TensorFlow runtime, which `dispose` closes. */
export class TensorFlowClassifier implements CnnClassifier {
  private readonly architecture: CnnArchitecture;
  private weights: NamedTensors;
  private optimizer: AdamOptimizer;
  private fitted: boolean;
  private disposed = false;

  constructor(
    private readonly spec: ModelSpec,
    private readonly runtime: TensorFlowRuntime,
    private readonly backendName: string,
  ) {
    this.architecture = assertCnnSpec(spec);
    this.fitted = spec.initialWeights !== undefined;
    [this.weights, this.optimizer] = this.createState();
  }

  async fit(images: LabelledImages, options: CnnFitOptions = {}): Promise<FitSummary> {
    this.assertAlive();
    let started = false;
    await trainEpochs(this.spec, images, options, (batch) => {
      if (!started) this.reset();
      started = true;
      return this.trainStep(batch, options);
    });
    return { details: { backend: this.backendName, threads: this.runtime.threads }, notes: [] };
  }

  async trainStep(batch: TrainingBatch, adam: AdamOptions = {}): Promise<number> {
    // The step holds the thread: timers and signals have their turn before it.
    await nextTurn();
    return this.compute((tf) => {
      const { loss, gradients } = lossAndGradients(tf, this.weights, batch, this.sizes());
      this.optimizer.apply(gradients, adam);
      this.fitted = true;
      return loss;
    });
  }

  async computeGradients(batch: TrainingBatch) {
    return this.compute((tf) => {
      const { loss, gradients } = lossAndGradients(tf, this.weights, batch, this.sizes());
      return { loss, gradients: toWeights(tf, gradients, this.spec) };
    });
  }

  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.assertFitted();
    return this.infer(pixels, count, (logits) => this.runtime.tf.softmax(logits));
  }

  async predictLogits(pixels: Uint8Array, count: number): Promise<Float32Array> {
    return this.infer(pixels, count, (logits) => logits);
  }

  async getWeights() {
    return this.compute((tf) => toWeights(tf, this.weights, this.spec));
  }

  async save(directory: string): Promise<void> {
    this.assertFitted();
    const weights = await this.getWeights();
    const spec = { ...this.spec, architecture: this.architecture };
    await writeModelManifest(directory, ADAPTER_ID, spec);
    await writeSafetensors(join(directory, WEIGHTS_FILE), weights);
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    this.disposeState();
    await this.runtime.close();
  }

  /** Back to the weights that the spec starts from, and moments of zero. */
  private reset(): void {
    this.disposeState();
    [this.weights, this.optimizer] = this.createState();
  }

  private createState(): [NamedTensors, AdamOptimizer] {
    const { runtime, spec } = this;
    return runtime.run(() => {
      const weights = toTensors(runtime.tf, createInitialWeights(spec), spec);
      return [weights, createAdam(runtime, weights)];
    });
  }

  private disposeState(): void {
    this.optimizer.dispose();
    this.runtime.tf.dispose(this.weights as Record<string, NamedTensors[string]>);
  }

  private async infer(
    pixels: Uint8Array,
    count: number,
    finish: (logits: Tensor2D) => Tensor2D,
  ): Promise<Float32Array> {
    this.assertAlive();
    assertPixels(pixels, count, this.spec);
    const classes = this.spec.classNames.length;
    const result = new Float32Array(count * classes);
    for (let start = 0; start < count; start += INFERENCE_BATCH) {
      const size = Math.min(INFERENCE_BATCH, count - start);
      const bytes = bytesPerImage(this.spec);
      const batch = pixels.subarray(start * bytes, (start + size) * bytes);
      const rows = this.compute((tf) => {
        const images = pixelInput(tf, batch, size, this.spec);
        const { output } = simpleCnn(this.architecture)(images, { tf, weights: this.weights });
        return finish(output as Tensor2D).dataSync();
      });
      result.set(rows, start * classes);
    }
    return result;
  }

  /** Runs `work` on the backend and disposes every tensor it made. */
  private compute<Result>(work: (tf: TensorFlowRuntime['tf']) => Result): Result {
    this.assertAlive();
    const { runtime } = this;
    return runtime.run(() => {
      runtime.tf.engine().startScope();
      try {
        return work(runtime.tf);
      } finally {
        runtime.tf.engine().endScope();
      }
    });
  }

  private sizes() {
    return { ...this.spec, ...this.architecture };
  }

  private assertAlive(): void {
    if (!this.disposed) return;
    throw new DlcmpError('DISPOSED', 'The classifier was disposed. Create or load another one.');
  }

  private assertFitted(): void {
    this.assertAlive();
    if (this.fitted) return;
    throw new DlcmpError(
      'NOT_FITTED',
      'The classifier is untrained. Call fit first, or give the spec initialWeights.',
    );
  }
}
