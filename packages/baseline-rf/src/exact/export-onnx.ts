import { assertArgument } from '@dlcmp/contract';
import type { Forest } from './forest';
import { ElementType, intAttribute, ONNX_SCHEMA } from './onnx-messages';
import { treeEnsembleAttributes } from './tree-ensemble';

/** Options of `RandomForestClassifier.exportOnnx`. */
export interface ExportOnnxOptions {
  /** Shape of one sample, e.g. [height, width, 3]. Default [features]. */
  readonly inputShape?: readonly number[];
  /** Kept in the model's metadata under `classNames`, as JSON. Default: none. */
  readonly classNames?: readonly string[];
}

/** Versions that onnxruntime 1.10 (2021) and later read. */
const IR_VERSION = 8;
const OPSET_VERSION = 13;
const ML_OPSET_VERSION = 3;
const ML_DOMAIN = 'ai.onnx.ml';

/**
 * The bytes of an ONNX model: `pixels`, uint8 [samples, …inputShape] → `label`, int64 [samples], and
 * `probabilities`, float32 [samples, classes].
 */
export async function exportOnnx(
  forest: Forest,
  { inputShape = [forest.featureCount], classNames }: ExportOnnxOptions,
): Promise<Uint8Array> {
  assertArgument(
    inputShape.reduce((product, length) => product * length, 1) === forest.featureCount,
    `inputShape [${inputShape.join(', ')}] must hold ${forest.featureCount} values.`,
  );
  const { default: protobuf } = await import('protobufjs');
  const modelType = protobuf.parse(ONNX_SCHEMA).root.lookupType('ModelProto');
  const model = {
    irVersion: IR_VERSION,
    producerName: 'dlcmp',
    opsetImport: [
      { domain: '', version: OPSET_VERSION },
      { domain: ML_DOMAIN, version: ML_OPSET_VERSION },
    ],
    metadataProps: classNames ? [{ key: 'classNames', value: JSON.stringify(classNames) }] : [],
    graph: {
      name: 'random-forest',
      node: nodes(forest),
      input: [valueInfo('pixels', ElementType.UINT8, inputShape)],
      output: [
        valueInfo('label', ElementType.INT64, []),
        valueInfo('probabilities', ElementType.FLOAT, [forest.classCount]),
      ],
    },
  };
  return modelType.encode(model).finish();
}

/** Bytes → rows of bytes → rows of floats → the trees. */
function nodes(forest: Forest) {
  return [
    {
      name: 'flatten',
      opType: 'Flatten',
      input: ['pixels'],
      output: ['rows'],
      attribute: [intAttribute('axis', 1)],
    },
    {
      name: 'cast',
      opType: 'Cast',
      input: ['rows'],
      output: ['features'],
      attribute: [intAttribute('to', ElementType.FLOAT)],
    },
    {
      name: 'forest',
      opType: 'TreeEnsembleClassifier',
      domain: ML_DOMAIN,
      input: ['features'],
      output: ['label', 'probabilities'],
      attribute: treeEnsembleAttributes(forest),
    },
  ];
}

/** A tensor with the samples as its first dimension. */
function valueInfo(name: string, elemType: number, sampleShape: readonly number[]) {
  const dim = [{ dimParam: 'samples' }, ...sampleShape.map((dimValue) => ({ dimValue }))];
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
