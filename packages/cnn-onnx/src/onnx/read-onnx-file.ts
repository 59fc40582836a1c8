import { readFile } from 'node:fs/promises';
import { DlcmpError, type ModelFacts, type ModelOutput } from '@dlcmp/contract';
import { decodeModel, type ReadModelProto } from './messages';

/** In what numbers a model computes. */
export type ModelPrecision = 'fp32' | 'fp16' | 'int8';

/** What stands in an `.onnx` file and ONNX Runtime does not tell. */
export interface OnnxFile {
  readonly bytes: Uint8Array;
  readonly precision: ModelPrecision;
  /** Names of the files beside it that hold weights. */
  readonly externalFiles: readonly string[];
  /** The activation that the output of this name ends with; undefined where its operators do not tell. */
  endOf(output: string): ModelOutput['endsWith'];
  /** What dlcmp wrote into it. */
  readonly facts: readonly ModelFacts[];
}

/** Operators that leave values as they are. */
const PASSING = new Set([
  ...['Identity', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Cast'],
  ...['QuantizeLinear', 'DequantizeLinear'],
]);

/** Operators whose values are no probabilities. */
const SCORING = new Set([
  ...['Gemm', 'MatMul', 'Add', 'Conv', 'GlobalAveragePool', 'ReduceMean', 'LogSoftmax'],
  ...['FusedMatMul', 'QGemm', 'QLinearMatMul', 'QLinearAdd', 'MatMulIntegerToFloat'],
]);

/** @throws `INVALID_FILE` */
export async function readOnnxFile(path: string): Promise<OnnxFile> {
  const { bytes, model } = await readFile(path)
    .then((content) => ({ bytes: content, model: decodeModel(content) }))
    .catch((cause: unknown) => {
      throw notOnnx(path, cause);
    });
  return {
    bytes,
    precision: precisionOf(model),
    externalFiles: externalFilesOf(model),
    endOf: (output) => endOf(model, output),
    facts: [{ source: 'the file', values: factsOf(path, model) }],
  };
}

/** The error of a file that is no ONNX model. */
export function notOnnx(path: string, cause: unknown): DlcmpError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DlcmpError(
    'INVALID_FILE',
    `${path} cannot be opened as an ONNX model: ${reason} Check the path, or export the model again.`,
    { cause },
  );
}

function endOf({ graph }: ReadModelProto, output: string): ModelOutput['endsWith'] {
  const node = graph?.node.find((one) => one.output.includes(output));
  if (!node) return undefined;
  if (node.opType === 'Softmax') return 'softmax';
  if (node.opType === 'Sigmoid' || node.opType === 'HardSigmoid') return 'sigmoid';
  if (node.opType === 'ArgMax' || node.opType === 'TopK') return 'a choice';
  if (PASSING.has(node.opType)) return endOf({ graph } as ReadModelProto, node.input[0] as string);
  return SCORING.has(node.opType) ? 'scores' : undefined;
}

/** By the specification of ONNX. */
const FLOAT16 = 10;

/** Quantised where operators quantise, half where most weights are. */
function precisionOf({ graph }: ReadModelProto): ModelPrecision {
  const quantises =
    /^(QuantizeLinear|DequantizeLinear|DynamicQuantizeLinear|QLinear.*|.*Integer.*)$/;
  if (graph?.node.some(({ opType }) => quantises.test(opType))) return 'int8';
  const weights = graph?.initializer ?? [];
  const halves = weights.filter(({ dataType }) => dataType === FLOAT16).length;
  return halves > weights.length / 2 ? 'fp16' : 'fp32';
}

function externalFilesOf({ graph }: ReadModelProto): string[] {
  const entries = graph?.initializer.flatMap(({ externalData }) => externalData) ?? [];
  return [...new Set(entries.filter(({ key }) => key === 'location').map(({ value }) => value))];
}

/** Of `model.onnx` as dlcmp saves it. Its normalisation stands in its graph: it takes bytes. */
function factsOf(path: string, { metadataProps }: ReadModelProto): ModelFacts['values'] {
  const written = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  if (written.inputLayout !== 'batch, height, width, RGB' || !written.classNames) return {};
  return {
    layout: 'NHWC',
    channels: 'RGB',
    classNames: namesOf(path, written.classNames),
  };
}

function namesOf(path: string, text: string): string[] {
  try {
    const names: unknown = JSON.parse(text);
    if (Array.isArray(names)) return names as string[];
  } catch {}
  throw new DlcmpError(
    'INVALID_FILE',
    `The metadata "classNames" of ${path} are no list in JSON, but ${text.slice(0, 60)}. Correct them, or export the model again.`,
  );
}
