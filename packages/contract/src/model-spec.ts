import { assertArgument } from './errors';
import type { ImageSize } from './images';
import type { NetworkDescription } from './network/network-description';
import { type Network, resolveNetwork } from './network/resolve-network';
import { simpleCnn } from './networks/simple-cnn';
import type { Weights } from './weights';

/** Sizes of the `simple-cnn`: three convolution blocks and two dense layers. */
export interface CnnArchitecture {
  /** Output channels of the three convolutions. Default [32, 64, 128]. */
  readonly channels: readonly [number, number, number];
  /** Units of the hidden dense layer. Default 512. */
  readonly hiddenUnits: number;
  /** Probability with which a hidden unit is dropped in training, 0 ≤ rate < 1. Default 0.5. */
  readonly dropoutRate: number;
}

export const DEFAULT_ARCHITECTURE: CnnArchitecture = {
  channels: [32, 64, 128],
  hiddenUnits: 512,
  dropoutRate: 0.5,
};

/** What a classifier is, whatever the framework. */
export interface ModelSpec extends ImageSize {
  /** One name a class; their order numbers the classes. */
  readonly classNames: readonly string[];
  /** 32-bit unsigned. Decides initial weights, order of every epoch, flips, dropout, bootstrap. */
  readonly seed: number;
  /** CNNs only. Default: `simpleCnn()`. */
  readonly network?: NetworkDescription;
  /** CNNs only: sizes of `simple-cnn`, in the place of `network`. Default {@link DEFAULT_ARCHITECTURE}. */
  readonly architecture?: CnnArchitecture;
  /** CNNs only: how weights are drawn where `initialWeights` is absent. Default `uniform-fan-in`. */
  readonly initializer?: Initializer;
  /** CNNs only: start from these weights instead of drawing them by the seed. */
  readonly initialWeights?: Weights;
}

/**
 * - `uniform-fan-in`: weights and biases uniform in ±1/√fan-in, PyTorch's default for convolutions
 *   and dense layers.
 * - `glorot-uniform`: weights uniform in ±√(6/(fan-in + fan-out)), biases zero, Keras' default
 *   (Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
 *   networks").
 */
export type Initializer = 'uniform-fan-in' | 'glorot-uniform';

const INITIALIZERS: readonly Initializer[] = ['uniform-fan-in', 'glorot-uniform'];

const MAX_SEED = 0xffff_ffff;

/** Throws `INVALID_ARGUMENT` naming the first field of `spec` that is out of range. */
export function assertModelSpec(spec: ModelSpec): void {
  for (const side of ['inputHeight', 'inputWidth'] as const) {
    assertArgument(
      Number.isInteger(spec[side]) && spec[side] >= 1,
      `${side} must be a whole number of pixels ≥ 1, not ${spec[side]}.`,
    );
  }
  assertArgument(
    Array.isArray(spec.classNames) && spec.classNames.length >= 2,
    'classNames must name at least two classes.',
  );
  assertArgument(
    spec.classNames.every((name) => typeof name === 'string' && name.length > 0),
    'classNames must be strings that are not empty.',
  );
  assertArgument(
    new Set(spec.classNames).size === spec.classNames.length,
    `classNames must differ from one another: ${spec.classNames.join(', ')}.`,
  );
  assertSeed(spec.seed);
}

/** Throws `INVALID_ARGUMENT` unless `seed` is an unsigned 32-bit whole number. */
export function assertSeed(seed: number): void {
  assertArgument(
    Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED,
    `seed must be a whole number from 0 to ${MAX_SEED}, not ${seed}.`,
  );
}

/** Smallest image side that survives three halvings. */
const MIN_CNN_SIDE = 8;

/** {@link assertModelSpec}, and what a CNN needs besides; returns the architecture in force. */
export function assertCnnSpec(spec: ModelSpec): CnnArchitecture {
  assertModelSpec(spec);
  const architecture = spec.architecture ?? DEFAULT_ARCHITECTURE;
  assertArgument(
    Math.min(spec.inputHeight, spec.inputWidth) >= MIN_CNN_SIDE,
    `simple-cnn halves the image three times: inputHeight and inputWidth must be ≥ ${MIN_CNN_SIDE}.`,
  );
  const { channels, hiddenUnits, dropoutRate } = architecture;
  assertArgument(
    Array.isArray(channels) && channels.length === 3 && [...channels, hiddenUnits].every(isSize),
    'architecture.channels must hold three whole numbers ≥ 1 and hiddenUnits one.',
  );
  assertArgument(
    dropoutRate >= 0 && dropoutRate < 1,
    `architecture.dropoutRate must be at least 0 and below 1, not ${dropoutRate}.`,
  );
  assertArgument(
    spec.initializer === undefined || INITIALIZERS.includes(spec.initializer),
    `initializer must be one of ${INITIALIZERS.join(', ')}, not ${spec.initializer}.`,
  );
  return architecture;
}

function isSize(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

/**
 * The network of `spec`, checked.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function networkOf(spec: ModelSpec): Network {
  assertModelSpec(spec);
  assertArgument(
    spec.initializer === undefined || INITIALIZERS.includes(spec.initializer),
    `initializer must be one of ${INITIALIZERS.join(', ')}, not ${spec.initializer}.`,
  );
  const description = spec.network ?? simpleCnn(spec.architecture);
  return resolveNetwork(description, spec, spec.classNames.length);
}
