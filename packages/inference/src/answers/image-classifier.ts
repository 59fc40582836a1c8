import {
  assertProbabilities,
  chooseOutput,
  createPreparation,
  type DescribedInput,
  DlcmpError,
  describeAnswers,
  describeInput,
  type ImageModel,
  type ImageModelOptions,
  imageTensorShape,
  isFloat,
  type ModelSources,
  readAnswers,
  type TrialOutput,
} from '@dlcmp/contract';
import type { ModelFile } from '../formats/model-format';
import type { ModelRuntime, RunningModel } from '../runtimes/model-runtime';
import { transposeImages } from './transpose-images';
import { type Treatment, treatmentOf } from './treatment';

/** A batch of images at a time, where the file fixes none. */
const BATCH = 32;

/** A model that is open in a runtime and described: pixels in, probabilities out. */
export class ImageClassifier {
  readonly model: ImageModel;
  /** Where each of `model`'s fields was found. */
  readonly sources: ModelSources;
  /** Names of the outputs that hold a row of floats an image. */
  readonly outputs: readonly string[];
  readonly running: RunningModel;
  readonly #input: DescribedInput;

  private constructor(
    running: RunningModel,
    input: DescribedInput,
    model: ImageModel,
    sources: ModelSources,
  ) {
    this.running = running;
    this.#input = input;
    this.model = model;
    this.sources = sources;
    this.outputs = running.interface.outputs
      .filter(({ type }) => isFloat(type))
      .map(({ name }) => name);
  }

  /** Opens a model in a runtime of this process and describes it; `running.close()` lets go of it. */
  static async open(
    runtime: ModelRuntime,
    file: ModelFile,
    { threads, description }: { readonly threads: number; readonly description: ImageModelOptions },
  ): Promise<ImageClassifier> {
    const running = await runtime.open(file, { threads });
    try {
      return await ImageClassifier.describe(running, description);
    } catch (error) {
      await running.close();
      throw error;
    }
  }

  /**
   * Describes a model by its files and `options`, and tries it on a grey image.
   *
   * @throws as `describeInput`, `chooseOutput` and `describeAnswers`; `INVALID_FILE` where the model cannot be run so
   */
  static async describe(
    running: RunningModel,
    options: ImageModelOptions,
  ): Promise<ImageClassifier> {
    const input = describeInput(running.interface, options);
    const output = chooseOutput(running.interface, options.output);
    const { inputName: _, fixedBatch: __, sources, ...taken } = input;
    const pixels = new Uint8Array(input.inputHeight * input.inputWidth * 3).fill(128);
    const trial = await runImages(running, input, taken, pixels, 1, output.name, false);
    const answers = describeAnswers(running.interface, output, options, trial);
    const { sources: found, ...described } = answers;
    return new ImageClassifier(
      running,
      input,
      { ...taken, ...described },
      { ...sources, ...found },
    );
  }

  /** Probabilities of `count` images: row-major [count × classes]. */
  predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    return this.answer(treatmentOf(this.model), pixels, count);
  }

  /** As {@link predict}, with images and answers treated otherwise. */
  async answer(treatment: Treatment, pixels: Uint8Array, count: number): Promise<Float32Array> {
    const { fixedBatch = BATCH } = this.#input;
    const bytes = pixels.length / Math.max(count, 1);
    const parts: Float32Array[] = [];
    for (let start = 0; start < count; start += fixedBatch) {
      const size = Math.min(fixedBatch, count - start);
      const batch = pixels.subarray(start * bytes, (start + size) * bytes);
      parts.push(await this.#answerBatch(treatment, batch, size));
    }
    const answers = concatenate(parts);
    // A fault that is tried out may be that scores were taken for probabilities.
    if (treatment.activations.join() === this.model.activation) {
      assertProbabilities(answers, this.model);
    }
    return answers;
  }

  async #answerBatch(
    { model, activations, isMisread, isTransposed }: Treatment,
    pixels: Uint8Array,
    count: number,
  ): Promise<Float32Array> {
    const { running } = this;
    const images = isTransposed ? transposeImages(pixels, model.inputWidth) : pixels;
    const { data, columns } = await runImages(
      ...([running, this.#input, model, images, count, model.output, isMisread] as const),
    );
    const { classNames } = model;
    const [first = 'none', ...further] = activations;
    let rows = readAnswers(data, columns, { activation: first, classNames });
    for (const activation of further) {
      rows = readAnswers(rows, classNames.length, { activation, classNames });
    }
    return rows;
  }
}

type Taken = Parameters<typeof createPreparation>[0];

/** The output of `count` images; a batch that the file fixes is filled up with black ones. */
async function runImages(
  running: RunningModel,
  { inputName, fixedBatch }: DescribedInput,
  taken: Taken,
  pixels: Uint8Array,
  count: number,
  output: string,
  isMisread: boolean,
): Promise<TrialOutput> {
  const batch = fixedBatch ?? count;
  const whole = new Uint8Array((pixels.length / count) * batch);
  whole.set(pixels);
  const order = isMisread ? { ...taken, layout: otherLayout(taken.layout) } : taken;
  const data = createPreparation(order)(whole, batch);
  const shape = imageTensorShape(taken, batch);
  const input = { name: inputName, type: taken.elementType, data, shape };
  try {
    const answer = await running.run(input, output);
    return { ...answer, data: answer.data.slice(0, count * answer.columns) };
  } catch (cause) {
    if (cause instanceof DlcmpError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_FILE',
      `${running.interface.path} fails on images of ${taken.inputWidth}×${taken.inputHeight}: ${reason} Check layout and size, or export the model again.`,
      { cause },
    );
  }
}

function otherLayout(layout: ImageModel['layout']): ImageModel['layout'] {
  return layout === 'NCHW' ? 'NHWC' : 'NCHW';
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
