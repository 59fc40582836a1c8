import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  assertArgument,
  createPreparation,
  type ImageModel,
  type ImageModelOptions,
  imageTensorShape,
  isDlcmpError,
  makeFolder,
} from '@dlcmp/contract';
import { ImageClassifier } from '../answers/image-classifier';
import { treatmentOf } from '../answers/treatment';
import { findModel } from '../formats/model-format';
import type { ImageFiles } from '../images/image-files';
import { onnxRuntimeNode } from '../runtimes/onnx-runtimes';
import { PythonProgram } from '../runtimes/python-program';

export interface QuantizeOptions {
  /** Those that the model's activations are calibrated on: of the kind that it will see, some hundred. */
  readonly images: ImageFiles;
  /** What the model's files do not say. */
  readonly options: ImageModelOptions;
  /** Where the model in int8 goes. */
  readonly output: string;
  readonly threads: number;
}

export interface QuantizedModel {
  readonly output: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/**
 * Quantises an `.onnx` model to int8 by onnxruntime's own Python tool: static, weights a channel, activations calibrated on images that
 * are prepared as the model takes them. Python is the interpreter of `DLCMP_PYTHON`, else `python3`; where it lacks the tool, `uv` brings it.
 *
 * @throws `INVALID_FILE`, `INVALID_ARGUMENT` before the tool is asked; `FRAMEWORK_MISSING`, `PEER_FAILED`
 */
export async function quantizeModel(path: string, plan: QuantizeOptions): Promise<QuantizedModel> {
  const { images, options: description, output, threads } = plan;
  const file = findModel(path);
  assertArgument(
    file.format === 'onnx',
    `${path} is no .onnx model, and onnxruntime's tool quantises no other. Export it as .onnx.`,
  );
  const classifier = await ImageClassifier.open(onnxRuntimeNode, file, { threads, description });
  const { model } = classifier;
  const input = classifier.running.interface.inputs[0]?.name as string;
  await classifier.running.close();
  const pixels = await images.pixelsOf(treatmentOf(model));
  await makeFolder(dirname(output));
  await askTool(file.path, output, { input, model, pixels, count: images.count });
  const [before, after] = await Promise.all([file.path, output].map((one) => stat(one)));
  return { output, bytesBefore: before?.size as number, bytesAfter: after?.size as number };
}

interface Calibration {
  readonly input: string;
  readonly model: ImageModel;
  readonly pixels: Uint8Array;
  readonly count: number;
}

const PROGRAM = 'quantize_model.py';

/** What the tool stands on, for uv. */
const PACKAGES = ['onnxruntime', 'onnx', 'sympy'];

async function askTool(path: string, output: string, calibration: Calibration): Promise<void> {
  const args = [path, output];
  try {
    await calibrate(new PythonProgram(PROGRAM, args), calibration);
  } catch (error) {
    if (!isDlcmpError(error, 'FRAMEWORK_MISSING') && !isDlcmpError(error, 'BACKEND_UNAVAILABLE'))
      throw error;
    const packages = PACKAGES.flatMap((name) => ['--with', name]);
    const uv = ['uv', 'run', '--no-project', ...packages, 'python'];
    await calibrate(new PythonProgram(PROGRAM, args, uv), calibration).catch((other: unknown) => {
      throw isDlcmpError(other, 'BACKEND_UNAVAILABLE') ? error : other;
    });
  }
}

async function calibrate(
  program: PythonProgram,
  { input, model, pixels, count }: Calibration,
): Promise<void> {
  try {
    const shape = imageTensorShape(model, count);
    const tensor = createPreparation(model)(pixels, count);
    await program.ask({ input, type: model.elementType, shape }, tensor);
  } finally {
    await program.close();
  }
}
