import { IMAGE, type Network, type TrainedNetwork, type WeightTensor } from '@dlcmp/contract';
import { imageOrders } from '../network/image-order';
import { toTensorLayout, type WeightLayout, weightLayouts } from '../network/weight-layout';
import { isDepthwise } from '../nodes/grouped-convolution';
import { type LayerConfig, layersOfNode } from './node-layers';

/** The file of a LayersModel's weights, beside its `model.json`. */
export const LAYERS_WEIGHTS_FILE = 'weights.bin';

const WHITE = 255;

/** Keeps TensorFlow.js from dividing by zero, which no variance here is near to. */
const VARIANCE_EPSILON = 1e-7;

/** Layers beside the nodes', whose names have no `/`. */
const NORMALISATION = `${IMAGE}/normalisation`;
const SOFTMAX = 'probabilities/softmax';

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
 * A network as a LayersModel of TensorFlow.js, from RGB pixels 0 to 255 [count × height × width × 3] to probabilities
 * [count × classes]; undefined where TensorFlow.js has no layers for one of its nodes. The pixels' normalisation is its first
 * layer.
 *
 * Format: https://www.tensorflow.org/js/guide/save_load
 */
export function layersModel({ spec, network, weights }: TrainedNetwork): LayersModel | undefined {
  const layers = describeLayers(network);
  if (!layers) return undefined;
  const layouts = weightLayouts(network, imageOrders(network));
  const values = [
    ...normalisationWeights(network),
    ...Object.entries(layouts).map(([name, layout]) =>
      layersWeight(network, name, layout, weights[name] as WeightTensor),
    ),
  ];
  const manifest = values.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  return {
    json: {
      format: 'layers-model',
      generatedBy: '@dlcmp/cnn-tfjs',
      convertedBy: null,
      modelTopology: topology(network, layers),
      weightsManifest: [{ paths: [LAYERS_WEIGHTS_FILE], weights: manifest }],
      userDefinedMetadata: { classNames: spec.classNames },
    },
    bytes: concatenate(values.map(({ data }) => data)),
  };
}

interface NamedLayer extends LayerConfig {
  readonly name: string;
  readonly inputs: readonly string[];
}

function topology({ description }: Network, layers: readonly NamedLayer[]) {
  return {
    class_name: 'Model',
    config: {
      name: description.name.replace(/[^A-Za-z0-9]/g, '_'),
      layers: layers.map(({ name, className, config, inputs }) => ({
        class_name: className,
        name,
        config: { name, trainable: true, ...config },
        inbound_nodes: inputs.length === 0 ? [] : [inputs.map((input) => [input, 0, 0, {}])],
      })),
      input_layers: [[IMAGE, 0, 0]],
      output_layers: [[SOFTMAX, 0, 0]],
    },
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  };
}

function describeLayers(network: Network): readonly NamedLayer[] | undefined {
  const { nodes, inputHeight, inputWidth } = network;
  const orders = imageOrders(network);
  const batch_input_shape = [null, inputHeight, inputWidth, 3];
  const layers: NamedLayer[] = [
    {
      className: 'InputLayer',
      name: IMAGE,
      inputs: [],
      config: { batch_input_shape, dtype: 'float32', sparse: false },
    },
    normalisation(),
  ];
  for (const node of nodes) {
    const chain = layersOfNode(node, orders);
    if (!chain) return undefined;
    let inputs = node.inputs.map((name) => (name === IMAGE ? NORMALISATION : name));
    chain.forEach((layer, index) => {
      const isLast = index === chain.length - 1;
      const name = isLast ? node.name : `${node.name}/${layer.className}`;
      layers.push({ ...layer, name, inputs });
      inputs = [name];
    });
  }
  const logits = nodes.at(-1)?.name as string;
  const softmax = { className: 'Activation', config: { activation: 'softmax' } };
  return [...layers, { ...softmax, name: SOFTMAX, inputs: [logits] }];
}

/** Batch normalisation whose statistics are those of the network's pixels, and which learns nothing. */
function normalisation(): NamedLayer {
  return {
    className: 'BatchNormalization',
    name: NORMALISATION,
    inputs: [IMAGE],
    config: {
      trainable: false,
      axis: -1,
      epsilon: VARIANCE_EPSILON,
      center: false,
      scale: false,
    },
  };
}

function normalisationWeights({ normalisation }: Network): LayersWeight[] {
  const mean = Float32Array.from(normalisation.mean, (value) => value * WHITE);
  const variance = Float32Array.from(
    normalisation.standardDeviation,
    (value) => (value * WHITE) ** 2,
  );
  return [
    { name: `${NORMALISATION}/moving_mean`, shape: [3], data: mean },
    { name: `${NORMALISATION}/moving_variance`, shape: [3], data: variance },
  ];
}

const BATCH_NORM_NAMES: Readonly<Record<string, string>> = {
  weight: 'gamma',
  bias: 'beta',
  running_mean: 'moving_mean',
  running_var: 'moving_variance',
};

/** `conv1.weight` is `conv1/kernel` there, and so on. */
function layersWeight(
  { nodes }: Network,
  weight: string,
  layout: WeightLayout,
  { data }: WeightTensor,
): LayersWeight {
  const dot = weight.lastIndexOf('.');
  const [name, part] = [weight.slice(0, dot), weight.slice(dot + 1)];
  const node = nodes.find((candidate) => candidate.name === name);
  const kernel = node?.type === 'conv2d' && isDepthwise(node) ? 'depthwise_kernel' : 'kernel';
  const theirs =
    node?.type === 'batchNorm' ? BATCH_NORM_NAMES[part] : part === 'weight' ? kernel : part;
  return {
    name: `${name}/${theirs}`,
    shape: layout.tensorShape,
    data: toTensorLayout(data, layout),
  };
}

function concatenate(arrays: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(
    arrays.map(
      ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
    ),
  );
}
