import {
  assertArgument,
  assertThreads,
  CHANNEL_MEAN,
  CHANNEL_STANDARD_DEVIATION,
  DlcmpError,
  type ImageSize,
} from '@dlcmp/contract';
import type { InferenceSession } from 'onnxruntime-node';
import { type ModelInterface, OnnxModelClassifier, runModel } from './onnx/onnx-model-classifier';
import {
  buildPreprocessingModel,
  type ImageLayout,
  type PixelNormalisation,
} from './onnx/preprocessing-model';
import {
  createOnnxRuntime,
  importOnnxRuntime,
  type OnnxRuntime,
  type OnnxRuntimeModule,
} from './runtime/onnx-runtime';

/** How a foreign model takes its images. */
export interface LoadOnnxOptions extends Partial<ImageSize> {
  /** Threads within one operator. Default: ONNX Runtime's choice, one a core. */
  readonly threads?: number;
  /** The framework, where the caller has loaded it. Default: `onnxruntime-node` is imported. */
  readonly onnxruntime?: OnnxRuntimeModule;
  /** Order of the input's axes: `NCHW` as PyTorch exports, `NHWC` as Keras does. */
  readonly layout: ImageLayout;
  /** Taken from each of red, green and blue. Default ImageNet's, [.485, .456, .406]. */
  readonly mean?: readonly [number, number, number];
  /** What is left is divided by this. Default ImageNet's, [.229, .224, .225]. */
  readonly standardDeviation?: readonly [number, number, number];
  /** Bytes are divided by this first; 1 leaves them at 0–255. Default 255. */
  readonly scale?: number;
  /** One name a class. Default `class 0`, `class 1` … */
  readonly classNames?: readonly string[];
  /** What the model answers. Default: probabilities where rows of a trial run are some, else logits. */
  readonly output?: 'logits' | 'probabilities';
  /** Images a run, where the file leaves that open. Default 32. */
  readonly batchSize?: number;
}

/**
 * A classifier from an `.onnx` file that another program exported: PyTorch, Keras (tf2onnx), …
 * It must take one float32 tensor of RGB images and answer one row of floats an image. A trial run on
 * a grey image shows mistakes at once.
 *
 * @throws `INVALID_FILE` where ONNX Runtime cannot open it or it is no image classifier;
 *   `INVALID_ARGUMENT` where the options don't fit it; `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function loadOnnxClassifier(
  path: string,
  options: LoadOnnxOptions,
): Promise<OnnxModelClassifier> {
  assertThreads(options.threads);
  const normalisation = resolveNormalisation(options);
  const runtime = createOnnxRuntime(
    options.onnxruntime ?? (await importOnnxRuntime()),
    options.threads,
  );
  const model = await openModel(runtime, path);
  const sessions = [model];
  try {
    const input = describeInput(path, model, options);
    const preprocessing = await runtime.openSession(
      buildPreprocessingModel(options.layout, input, normalisation),
    );
    sessions.push(preprocessing);
    const answer = await tryOut(path, runtime, preprocessing, model, input);
    const found = { ...input, ...describeAnswer(path, answer, options) };
    return new OnnxModelClassifier(runtime, preprocessing, model, found);
  } catch (error) {
    for (const session of sessions) await session.release();
    throw error;
  }
}

type ModelInput = Omit<ModelInterface, 'classNames' | 'answersLogits'>;

function resolveNormalisation(options: LoadOnnxOptions): PixelNormalisation {
  const { layout, scale = 255, mean = CHANNEL_MEAN, batchSize = 32 } = options;
  const { standardDeviation = CHANNEL_STANDARD_DEVIATION } = options;
  assertArgument(
    layout === 'NCHW' || layout === 'NHWC',
    `layout must be NCHW (as PyTorch exports) or NHWC (as Keras does), not ${layout}.`,
  );
  assertArgument(scale > 0, `scale must be a number above 0, not ${scale}.`);
  assertArgument(
    mean.length === 3 && mean.every(Number.isFinite),
    'mean must be three numbers, for red, green and blue.',
  );
  assertArgument(
    standardDeviation.length === 3 && standardDeviation.every((value) => value > 0),
    'standardDeviation must be three numbers above 0, for red, green and blue.',
  );
  assertArgument(
    Number.isInteger(batchSize) && batchSize >= 1,
    `batchSize must be a whole number ≥ 1, not ${batchSize}.`,
  );
  return { scale, mean, standardDeviation };
}

async function openModel(runtime: OnnxRuntime, path: string): Promise<InferenceSession> {
  try {
    return await runtime.openSession(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} cannot be opened as an ONNX model: ${reason} Check the path, or export the model again.`,
      { cause },
    );
  }
}

function describeInput(
  path: string,
  { inputMetadata, outputNames }: InferenceSession,
  options: LoadOnnxOptions,
): ModelInput {
  const [input, ...others] = inputMetadata;
  const isImages = input?.isTensor && input.type === 'float32' && input.shape.length === 4;
  if (!isImages || others.length > 0) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is no image classifier that can be fed: it takes ${inputMetadata.map(describeValue).join(', ')}, but one float32 tensor of 4 axes is needed. Export the classifier alone, from images to scores.`,
    );
  }
  const { layout, batchSize = 32 } = options;
  const [batch, ...axes] = input.shape;
  const order = layout === 'NCHW' ? [1, 2, 0] : [0, 1, 2];
  const [height, width, channels] = order.map((axis) => axes[axis]);
  const other = layout === 'NCHW' ? 'NHWC' : 'NCHW';
  assertArgument(
    typeof channels !== 'number' || channels === 3 || channels < 1,
    `${path} takes ${describeValue(input)}, which is not three channels in layout ${layout}. ${axes.includes(3) ? `Try layout ${other}.` : 'Only RGB models can be fed.'}`,
  );
  const inputHeight = side(path, 'inputHeight', height, options.inputHeight);
  const inputWidth = side(path, 'inputWidth', width, options.inputWidth);
  const fixedBatch = typeof batch === 'number' && batch >= 1 ? batch : undefined;
  return {
    ...{ inputHeight, inputWidth, fixedBatch, batchSize: fixedBatch ?? batchSize },
    inputName: input.name,
    outputName: outputNames[0] as string,
    inputShape: (count) =>
      layout === 'NCHW' ? [count, 3, inputHeight, inputWidth] : [count, inputHeight, inputWidth, 3],
  };
}

/** The side of the images: what the file says, or where it leaves that open, the option. */
function side(
  path: string,
  name: keyof ImageSize,
  inFile: number | string | undefined,
  option: number | undefined,
): number {
  const fixed = typeof inFile === 'number' && inFile >= 1 ? inFile : undefined;
  const value = fixed ?? option;
  assertArgument(
    value !== undefined && Number.isInteger(value) && value >= 1,
    `${path} takes images of any size: give ${name}, in pixels.`,
  );
  assertArgument(
    option === undefined || option === value,
    `${path} takes images with ${name} ${value}, not ${option}: leave ${name} out.`,
  );
  return value;
}

/** The model's answer for grey images. */
async function tryOut(
  path: string,
  runtime: OnnxRuntime,
  preprocessing: InferenceSession,
  model: InferenceSession,
  input: ModelInput,
) {
  const batch = input.fixedBatch ?? 1;
  const pixels = new Uint8Array(batch * input.inputHeight * input.inputWidth * 3).fill(128);
  try {
    return { ...(await runModel(runtime, preprocessing, model, input, pixels, batch)), batch };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `${path} fails on an image of ${input.inputWidth}×${input.inputHeight}: ${reason} Check layout, inputHeight and inputWidth.`,
      { cause },
    );
  }
}

function describeAnswer(
  path: string,
  answer: {
    readonly data: Float32Array;
    readonly shape: readonly number[];
    readonly batch: number;
  },
  options: LoadOnnxOptions,
): Pick<ModelInterface, 'classNames' | 'answersLogits'> {
  const [rows, classes, ...rest] = answer.shape;
  const isRows = rows === answer.batch && rest.every((length) => length === 1);
  if (!isRows || classes === undefined || !(answer.data instanceof Float32Array)) {
    throw new DlcmpError(
      'INVALID_FILE',
      `${path} is no classifier: it answers [${answer.shape.join(', ')}] for a batch of ${answer.batch}, but one row of float32 numbers an image is needed. Export the classifier with its last layer.`,
    );
  }
  const { classNames = Array.from({ length: classes }, (_, index) => `class ${index}`) } = options;
  assertArgument(
    classNames.length === classes,
    `${path} tells ${classes} classes apart, but classNames has ${classNames.length}: give a name for each.`,
  );
  const isProbabilities = looksLikeProbabilities(answer.data.subarray(0, classes));
  const output = options.output ?? (isProbabilities ? 'probabilities' : 'logits');
  return { classNames, answersLogits: output === 'logits' };
}

function looksLikeProbabilities(row: Float32Array): boolean {
  const sum = row.reduce((total, value) => total + value, 0);
  return row.every((value) => value >= 0) && Math.abs(sum - 1) < 1e-3;
}

function describeValue(value: InferenceSession.ValueMetadata | undefined): string {
  if (!value?.isTensor) return 'no tensor';
  return `"${value.name}" ${value.type} [${value.shape.join(', ')}]`;
}
