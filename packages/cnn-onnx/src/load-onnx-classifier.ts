import {
  assertArgument,
  assertThreads,
  chooseOutput,
  DlcmpError,
  describeAnswers,
  describeInput,
  type ImageModelOptions,
  isDlcmpError,
  type ModelInterface,
  readFactsBeside,
  type TrialOutput,
} from '@dlcmp/contract';
import { describeOnnxValue } from './onnx/describe-onnx-value';
import { OnnxImageSession } from './onnx/onnx-image-session';
import { OnnxModelClassifier } from './onnx/onnx-model-classifier';
import { notOnnx, readOnnxFile } from './onnx/read-onnx-file';
import {
  createForeignRuntime,
  importOnnxRuntime,
  type OnnxRuntimeModule,
} from './runtime/onnx-runtime';

/** How a foreign model takes its images, as far as neither its file nor those beside it say. */
export interface LoadOnnxOptions extends ImageModelOptions {
  /** Threads within one operator. Default: ONNX Runtime's choice, one a core. */
  readonly threads?: number;
  /** The framework, where the caller has loaded it. Default: `onnxruntime-node` is imported. */
  readonly onnxruntime?: OnnxRuntimeModule;
  /** Images a run, where the file leaves that open. Default 32. */
  readonly batchSize?: number;
}

/**
 * A classifier from an `.onnx` file: dlcmp's own `model.onnx`, or what another program exported: PyTorch, Keras (tf2onnx),
 * scikit-learn (skl2onnx) … It must take one tensor of images, float32, float16 or bytes, and answer a row of floats an image.
 * What the file, `preprocessor_config.json` and `config.json` beside it don't say is to be said in `options`.
 *
 * @throws `INVALID_FILE` where ONNX Runtime cannot open it or it is no image classifier;
 *   `INVALID_ARGUMENT` naming the option that is missing or does not fit; `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function loadOnnxClassifier(
  path: string,
  options: LoadOnnxOptions = {},
): Promise<OnnxModelClassifier> {
  const { threads, batchSize = 32 } = options;
  assertThreads(threads);
  assertArgument(
    Number.isInteger(batchSize) && batchSize >= 1,
    `batchSize must be a whole number ≥ 1, not ${batchSize}.`,
  );
  const file = await readOnnxFile(path);
  const module = options.onnxruntime ?? (await importOnnxRuntime());
  const runtime = createForeignRuntime(module, threads);
  const session = await runtime.openSession(path).catch((cause: unknown) => {
    throw notOnnx(path, cause);
  });
  try {
    const facts = [...file.facts, ...(await readFactsBeside(path))];
    const model: ModelInterface = {
      path,
      inputs: session.inputMetadata.map(describeOnnxValue),
      outputs: session.outputMetadata.map((value) => {
        const endsWith = file.endOf(value.name);
        return { ...describeOnnxValue(value), ...(endsWith && { endsWith }) };
      }),
      facts,
    };
    const input = describeInput(model, options);
    const output = chooseOutput(model, options.output);
    const images = new OnnxImageSession(runtime, session, input, output.name);
    const answers = describeAnswers(model, output, options, await tryOut(path, images, input));
    const { sources, inputName: _, fixedBatch, ...taken } = input;
    return new OnnxModelClassifier(
      images,
      { ...taken, ...answers },
      { ...sources, ...answers.sources },
      fixedBatch ?? batchSize,
    );
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** The model's output for a grey image. */
async function tryOut(
  path: string,
  images: OnnxImageSession,
  { inputHeight, inputWidth }: { readonly inputHeight: number; readonly inputWidth: number },
): Promise<TrialOutput> {
  try {
    return await images.run(new Uint8Array(inputHeight * inputWidth * 3).fill(128), 1);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    if (isDlcmpError(cause)) throw new DlcmpError(cause.code, `${path}: ${reason}`, { cause });
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `${path} fails on an image of ${inputWidth}×${inputHeight}: ${reason} Check layout, inputHeight and inputWidth.`,
      { cause },
    );
  }
}
