import type { Optimizer } from '@tensorflow/tfjs-core';
import { builtInClass } from '../layers-classes';
import type { TensorFlow } from '../tensorflow-js';
import { type Layer, type LayersModel, layersOf } from './layers-model';

/** Classes of tf.layers whose every call does the same, but for numbers that TensorFlow draws. */
const MODELS = ['Model', 'Functional', 'Sequential'];
const LAYERS = [
  ...['InputLayer', 'Dense', 'Activation', 'Flatten', 'Reshape', 'Permute', 'RepeatVector'],
  ...['Conv1D', 'Conv2D', 'Conv3D', 'Conv2DTranspose', 'Conv3DTranspose', 'DepthwiseConv2D'],
  ...['SeparableConv2D', 'Cropping2D', 'UpSampling2D', 'ZeroPadding2D', 'Embedding', 'Rescaling'],
  ...['MaxPooling1D', 'MaxPooling2D', 'MaxPooling3D', 'AveragePooling1D', 'AveragePooling2D'],
  ...['AveragePooling3D', 'GlobalAveragePooling1D', 'GlobalAveragePooling2D'],
  ...['GlobalMaxPooling1D', 'GlobalMaxPooling2D', 'BatchNormalization', 'LayerNormalization'],
  ...['Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'],
  ...['Add', 'Average', 'Concatenate', 'Dot', 'Maximum', 'Minimum', 'Multiply'],
  ...['ELU', 'LeakyReLU', 'PReLU', 'ReLU', 'Softmax', 'ThresholdedReLU'],
];
const PARTS = [
  ...['elu', 'gelu', 'gelu_new', 'hardSigmoid', 'linear', 'logSoftmax', 'mish', 'relu', 'relu6'],
  ...['selu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'swish', 'tanh', 'L1L2'],
];
const CLASSES = new Set([...MODELS, ...LAYERS, ...PARTS]);

/** Properties of layers whose objects take part in a training step. */
const PART = /(activation|regularizer)$/i;

/**
 * Whether all of a model's training is TensorFlow.js's own: layers, losses, metrics and optimiser. Code that somebody else has
 * written may do another thing with each call.
 */
export function isBuiltIn(tf: TensorFlow, model: LayersModel): boolean {
  const layers: Layer[] = [model, ...layersOf(model)];
  return (
    layers.every((layer) => isBuiltInLayer(tf, layer)) &&
    isNamed(model.loss) &&
    isNamed(model.metrics) &&
    isBuiltInOptimizer(tf, model.optimizer)
  );
}

function isBuiltInLayer(tf: TensorFlow, layer: Layer): boolean {
  return (
    isOfBuiltInClass(tf, layer) &&
    Object.entries(layer).every(
      ([name, value]) =>
        typeof value !== 'function' && (!PART.test(name) || isOfBuiltInClass(tf, value)),
    )
  );
}

function isOfBuiltInClass(tf: TensorFlow, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return true;
  const { className = '' } = part.constructor as { className?: string };
  return CLASSES.has(className) && builtInClass(tf, className) === part.constructor;
}

/** Whether losses or metrics are given by name: one, a list, or some for each output. */
function isNamed(given: unknown): boolean {
  if (typeof given === 'object' && given !== null) return Object.values(given).every(isNamed);
  return typeof given !== 'function';
}

function isBuiltInOptimizer(tf: TensorFlow, optimizer: Optimizer): boolean {
  const classes: unknown[] = [
    ...[tf.SGDOptimizer, tf.MomentumOptimizer, tf.RMSPropOptimizer, tf.AdamOptimizer],
    ...[tf.AdamaxOptimizer, tf.AdagradOptimizer, tf.AdadeltaOptimizer],
  ];
  const isPatched = Object.values(optimizer).some((value) => typeof value === 'function');
  return classes.includes(optimizer.constructor) && !isPatched;
}
