import {
  createPreparation,
  type DescribedInput,
  DlcmpError,
  fromFloat16,
  imageTensorShape,
  type PrepareImages,
  type TrialOutput,
} from '@dlcmp/contract';
import type { InferenceSession } from 'onnxruntime-node';
import type { OnnxRuntime } from '../runtime/onnx-runtime';

/** A model open in ONNX Runtime that takes images and puts out a row for each. */
export class OnnxImageSession {
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #input: DescribedInput;
  readonly #output: string;
  readonly #prepare: PrepareImages;

  constructor(
    runtime: OnnxRuntime,
    session: InferenceSession,
    input: DescribedInput,
    output: string,
  ) {
    this.#runtime = runtime;
    this.#session = session;
    this.#input = input;
    this.#output = output;
    this.#prepare = createPreparation(input);
  }

  /**
   * The output's rows for `count` images; a batch that the file fixes is filled up with black images.
   *
   * @throws `INVALID_FILE` where the output is not a row an image
   */
  async run(pixels: Uint8Array, count: number): Promise<TrialOutput> {
    const { fixedBatch = count, elementType, inputName } = this.#input;
    const data = this.#prepare(padded(pixels, pixels.length * (fixedBatch / count)), fixedBatch);
    const shape = imageTensorShape(this.#input, fixedBatch);
    const input = this.#runtime.tensor(elementType, data as never, shape);
    const outputs = await this.#session.run({ [inputName]: input }, [this.#output]);
    const answer = outputs[this.#output];
    // A head of one column may have lost its axis.
    const [rows, columns = answer?.dims.length === 1 ? 1 : 0, ...rest] = answer?.dims ?? [];
    if (!answer || rows !== fixedBatch || columns === 0 || rest.some((length) => length !== 1)) {
      throw new DlcmpError(
        'INVALID_FILE',
        `The model is no classifier: "${this.#output}" is [${answer?.dims.join(', ')}] for a batch of ${fixedBatch}, but one row of numbers an image is needed. Export the classifier with its last layer, or name another output.`,
      );
    }
    return { data: floatsOf(answer.type, answer.data).slice(0, count * columns), columns };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** float16 comes as its bits, or where Node.js has a type for it, as numbers. */
function floatsOf(type: string, data: unknown): Float32Array {
  if (type === 'float16' && data instanceof Uint16Array)
    return Float32Array.from(data, fromFloat16);
  return data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>);
}

/** `pixels`, with black images behind where they are fewer than `length` bytes. */
function padded(pixels: Uint8Array, length: number): Uint8Array {
  if (pixels.length === length) return pixels;
  const whole = new Uint8Array(length);
  whole.set(pixels);
  return whole;
}
