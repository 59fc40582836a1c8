import { assertPixels, DlcmpError, ExclusiveQueue, type ImageSize } from '@dlcmp/contract';
import type { InferenceSession } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';

/** How a foreign model takes images and what it answers, found out or told. */
export interface ModelInterface extends ImageSize {
  readonly inputName: string;
  readonly outputName: string;
  /** Images that the model takes at a time, where its file fixes that; else as many as one likes. */
  readonly fixedBatch: number | undefined;
  readonly batchSize: number;
  readonly classNames: readonly string[];
  /** Whether its answers are still to go through softmax. */
  readonly answersLogits: boolean;
  readonly inputShape: (batch: number) => readonly number[];
}

/** A classifier from somebody else's `.onnx` file: it predicts, and that is all. */
export class OnnxModelClassifier {
  readonly #runtime: OnnxRuntime;
  readonly #preprocessing: InferenceSession;
  readonly #model: InferenceSession;
  readonly #interface: ModelInterface;
  readonly #queue = new ExclusiveQueue();
  #disposal: Promise<void> | undefined;

  /**
   * @param preprocessing from `pixels`, bytes [batch × height × width × 3], to `input`
   * @param model from that to an answer a class
   */
  constructor(
    runtime: OnnxRuntime,
    preprocessing: InferenceSession,
    model: InferenceSession,
    modelInterface: ModelInterface,
  ) {
    this.#runtime = runtime;
    this.#preprocessing = preprocessing;
    this.#model = model;
    this.#interface = modelInterface;
  }

  /** The classes that a row of probabilities is of, in order. */
  get classNames(): readonly string[] {
    return this.#interface.classNames;
  }

  /** Height and width that images must have. */
  get inputSize(): ImageSize {
    const { inputHeight, inputWidth } = this.#interface;
    return { inputHeight, inputWidth };
  }

  /**
   * Class probabilities of `count` images: row-major [count × classes], each row summing to 1.
   *
   * @param pixels bytes in batch, height, width, RGB order
   * @throws `INVALID_ARGUMENT`, `DISPOSED`
   */
  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    this.#assertUsable();
    assertPixels(pixels, count, this.#interface);
    return this.#queue.run(async () => {
      const { batchSize, classNames } = this.#interface;
      const answers = new Float32Array(count * classNames.length);
      const imageBytes = pixels.length / Math.max(count, 1);
      for (let start = 0; start < count; start += batchSize) {
        const size = Math.min(batchSize, count - start);
        const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
        answers.set(await this.#predictBatch(batch, size), start * classNames.length);
      }
      return answers;
    });
  }

  /** Frees native memory. Idempotent. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#queue.run(async () => {
      await this.#preprocessing.release();
      await this.#model.release();
    });
    return this.#disposal;
  }

  async #predictBatch(pixels: Uint8Array, count: number): Promise<Float32Array> {
    const { fixedBatch = count, classNames, answersLogits, ...names } = this.#interface;
    const answers = await runModel(
      this.#runtime,
      this.#preprocessing,
      this.#model,
      names,
      padded(pixels, pixels.length * (fixedBatch / count)),
      fixedBatch,
    );
    const rows = answers.data.slice(0, count * classNames.length);
    if (answersLogits) softmaxRows(rows, classNames.length);
    return rows;
  }

  #assertUsable(): void {
    if (this.#disposal) {
      throw new DlcmpError('DISPOSED', 'This classifier was disposed. Load the model again.');
    }
  }
}

/** The model's answers for `batch` images of bytes. */
export async function runModel(
  { tensor }: OnnxRuntime,
  preprocessing: InferenceSession,
  model: InferenceSession,
  names: Pick<ModelInterface, keyof ImageSize | 'inputName' | 'outputName' | 'inputShape'>,
  pixels: Uint8Array,
  batch: number,
): Promise<{ readonly data: Float32Array; readonly shape: readonly number[] }> {
  const { inputHeight, inputWidth, inputName, outputName, inputShape } = names;
  const input = tensor('float32', new Float32Array(pixels.length), inputShape(batch));
  const images = tensor('uint8', pixels, [batch, inputHeight, inputWidth, 3]);
  await preprocessing.run({ pixels: images }, { input });
  const answer = (await model.run({ [inputName]: input }, [outputName]))[outputName];
  return { data: answer?.data as Float32Array, shape: answer?.dims ?? [] };
}

/** `pixels`, with black images behind where they are fewer than `length` bytes. */
function padded(pixels: Uint8Array, length: number): Uint8Array {
  if (pixels.length === length) return pixels;
  const whole = new Uint8Array(length);
  whole.set(pixels);
  return whole;
}

/** Softmax of each row in place; the largest is taken away first, so that nothing overflows. */
function softmaxRows(rows: Float32Array, length: number): void {
  for (let start = 0; start < rows.length; start += length) {
    const row = rows.subarray(start, start + length);
    const largest = row.reduce((max, value) => Math.max(max, value), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (let i = 0; i < length; i++) {
      row[i] = Math.exp((row[i] as number) - largest);
      sum += row[i] as number;
    }
    for (let i = 0; i < length; i++) row[i] = (row[i] as number) / sum;
  }
}
