import {
  CHANNEL_MEAN,
  CHANNEL_STANDARD_DEVIATION,
  type CnnArchitecture,
  type ModelSpec,
} from '@dlcmp/contract';
import type { TensorFlowRuntime } from './engines/runtime';
import type { NamedTensors } from './network/operation';

/** The file of a LayersModel's weights, beside its `model.json`. */
export const LAYERS_WEIGHTS_FILE = 'weights.bin';

const WHITE = 255;

/** Keeps TensorFlow.js from dividing by zero, which no variance here is near to. */
const VARIANCE_EPSILON = 1e-7;

/** One weight of a LayersModel: its name there, its shape, and its values. */
interface LayersWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What `tf.loadLayersModel` reads, as parts of a `model.json` and the bytes of {@link LAYERS_WEIGHTS_FILE}. */
export interface LayersModel {
  readonly json: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
}

/**
 * The classifier as a LayersModel of TensorFlow.js, from RGB pixels 0 to 255 [count × height × width × 3] to
 * probabilities [count × classes]. The pixels' normalisation is its first layer. Called inside the runtime's `run`.
 *
 * Format: https://www.tensorflow.org/js/guide/save_load
 */
export async function layersModel(
  { read }: Pick<TensorFlowRuntime, 'read'>,
  spec: ModelSpec & CnnArchitecture,
  tensors: NamedTensors,
): Promise<LayersModel> {
  const weights = [...normalisationWeights(), ...(await trainedWeights(read, tensors))];
  const manifest = weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  return {
    json: {
      format: 'layers-model',
      generatedBy: '@dlcmp/cnn-tfjs',
      convertedBy: null,
      modelTopology: topology(spec),
      weightsManifest: [{ paths: [LAYERS_WEIGHTS_FILE], weights: manifest }],
      userDefinedMetadata: { classNames: spec.classNames },
    },
    bytes: concatenate(weights.map(({ data }) => data)),
  };
}

function topology(spec: ModelSpec & CnnArchitecture): Record<string, unknown> {
  const { channels, hiddenUnits, dropoutRate, classNames } = spec;
  const layers = [
    normalisation(spec),
    ...channels.flatMap((filters, index) => convolutionBlock(`conv${index + 1}`, filters)),
    layer('Flatten', 'flatten', {}),
    dense('fc1', hiddenUnits, 'relu'),
    layer('Dropout', 'dropout', { rate: dropoutRate }),
    dense('fc2', classNames.length, 'softmax'),
  ];
  return {
    class_name: 'Sequential',
    config: { name: 'simple_cnn', layers },
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  };
}

function layer(className: string, name: string, config: Record<string, unknown>) {
  return { class_name: className, config: { name, trainable: true, ...config } };
}

/** Batch normalisation whose statistics are those of the contract's pixels, and which learns nothing. */
function normalisation({ inputHeight, inputWidth }: ModelSpec) {
  return layer('BatchNormalization', 'normalization', {
    trainable: false,
    batch_input_shape: [null, inputHeight, inputWidth, 3],
    dtype: 'float32',
    axis: -1,
    epsilon: VARIANCE_EPSILON,
    center: false,
    scale: false,
  });
}

function convolutionBlock(name: string, filters: number) {
  const convolution = {
    filters,
    kernel_size: [3, 3],
    strides: [1, 1],
    padding: 'same',
    activation: 'relu',
    use_bias: true,
  };
  const pooling = { pool_size: [2, 2], strides: [2, 2], padding: 'valid' };
  return [layer('Conv2D', name, convolution), layer('MaxPooling2D', `${name}_pool`, pooling)];
}

function dense(name: string, units: number, activation: string) {
  return layer('Dense', name, { units, activation, use_bias: true });
}

function normalisationWeights(): LayersWeight[] {
  const mean = Float32Array.from(CHANNEL_MEAN, (value) => value * WHITE);
  const variance = Float32Array.from(CHANNEL_STANDARD_DEVIATION, (value) => (value * WHITE) ** 2);
  return [
    { name: 'normalization/moving_mean', shape: [3], data: mean },
    { name: 'normalization/moving_variance', shape: [3], data: variance },
  ];
}

/** `conv1.weight` is `conv1/kernel` there, and `conv1.bias` is `conv1/bias`; the layouts are TensorFlow's in both. */
function trainedWeights(
  read: TensorFlowRuntime['read'],
  tensors: NamedTensors,
): Promise<LayersWeight[]> {
  const weights = Object.entries(tensors).map(async ([name, tensor]) => ({
    name: name.replace('.weight', '/kernel').replace('.bias', '/bias'),
    shape: tensor.shape,
    data: await read(tensor),
  }));
  return Promise.all(weights);
}

function concatenate(arrays: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(
    arrays.map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    ),
  );
}
