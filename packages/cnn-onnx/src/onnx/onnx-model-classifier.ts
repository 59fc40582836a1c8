import {
  assertPixels,
  assertProbabilities,
  DlcmpError,
  ExclusiveQueue,
  type ImageModel,
  type ImageSize,
  type ModelSources,
  readAnswers,
} from '@dlcmp/contract';
import type { OnnxImageSession } from './onnx-image-session';

/** A classifier from somebody else's `.onnx` file: it predicts, and that is all. */
export class OnnxModelClassifier {
  /** How it takes images and what it answers. */
  readonly model: ImageModel;
  /** Where each of `model`'s fields was found. */
  readonly sources: ModelSources;
  readonly #session: OnnxImageSession;
  readonly #batchSize: number;
  readonly #queue = new ExclusiveQueue();
  #disposal: Promise<void> | undefined;

  constructor(
    session: OnnxImageSession,
    model: ImageModel,
    sources: ModelSources,
    batchSize: number,
  ) {
    this.#session = session;
    this.model = model;
    this.sources = sources;
    this.#batchSize = batchSize;
  }

  /** The classes that a row of probabilities is of, in order. */
  get classNames(): readonly string[] {
    return this.model.classNames;
  }

  /** Height and width that images must have. */
  get inputSize(): ImageSize {
    const { inputHeight, inputWidth } = this.model;
    return { inputHeight, inputWidth };
  }

  /**
   * Class probabilities of `count` images: row-major [count × classes]. Each row sums to 1, except where `model.labels` is `several`.
   *
   * @param pixels bytes in batch, height, width, RGB order
   * @throws `INVALID_ARGUMENT`, `DISPOSED`; `DIVERGED` where the model puts out what is not finite
   */
  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertUsable();
    assertPixels(pixels, count, this.model);
    return this.#queue.run(async () => {
      const { classNames } = this.model;
      const answers = new Float32Array(count * classNames.length);
      const imageBytes = pixels.length / Math.max(count, 1);
      for (let start = 0; start < count; start += this.#batchSize) {
        const size = Math.min(this.#batchSize, count - start);
        const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
        const { data, columns } = await this.#session.run(batch, size);
        const rows = readAnswers(data, columns, this.model);
        assertProbabilities(rows, this.model);
        answers.set(rows, start * classNames.length);
      }
      return answers;
    });
  }

  /** Frees native memory. Idempotent. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#queue.run(() => this.#session.release());
    return this.#disposal;
  }

  #assertUsable(): void {
    if (this.#disposal) {
      throw new DlcmpError('DISPOSED', 'This classifier was disposed. Load the model again.');
    }
  }
}
