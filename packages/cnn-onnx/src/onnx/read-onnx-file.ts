import { readFile } from 'node:fs/promises';
import { DlcmpError, type ModelFacts, type ModelOutput } from '@dlcmp/contract';
import { decodeModel, type ReadModelProto } from './messages';

/** What stands in an `.onnx` file and ONNX Runtime does not tell. */
export interface OnnxFile {
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
  const model = await readFile(path)
    .then(decodeModel)
    .catch((cause: unknown) => {
      throw notOnnx(path, cause);
    });
  return {
    endOf: (output) => endOf(model, output),
    facts: [{ source: 'the file', values: factsOf(model) }],
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
  if (node.opType === 'Sigmoid') return 'sigmoid';
  if (PASSING.has(node.opType)) return endOf({ graph } as ReadModelProto, node.input[0] as string);
  return SCORING.has(node.opType) ? 'scores' : undefined;
}

/** Of `model.onnx` as dlcmp saves it. Its normalisation stands in its graph: it takes bytes. */
function factsOf({ metadataProps }: ReadModelProto): ModelFacts['values'] {
  const written = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
  if (written.inputLayout !== 'batch, height, width, RGB' || !written.classNames) return {};
  return {
    layout: 'NHWC',
    channels: 'RGB',
    classNames: JSON.parse(written.classNames) as string[],
  };
}
