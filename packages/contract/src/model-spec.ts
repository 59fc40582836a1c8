import { assertArgument } from './errors';
import type { ImageSize } from './images';
import type { NetworkDescription } from './network/network-description';
import { type Network, resolveNetwork } from './network/resolve-network';
import { simpleCnn } from './networks/simple-cnn';
import type { WeightsSource } from './pretrained/starting-weights';
import type { Weights } from './weights';

/** What a classifier is, whatever the framework. */
export interface ModelSpec extends ImageSize {
  /** One name a class; their order numbers the classes. */
  readonly classNames: readonly string[];
  /** 32-bit unsigned. Decides initial weights, order of every epoch, flips, dropout, bootstrap. */
  readonly seed: number;
  /** CNNs only. Default: `simpleCnn()`. */
  readonly network?: NetworkDescription;
  /** CNNs only: how weights are drawn where `initialWeights` is absent. Default `uniform-fan-in`. */
  readonly initializer?: Initializer;
  /** CNNs only: start from these weights instead of drawing them by the seed. */
  readonly initialWeights?: Weights;
  /** CNNs only: where `initialWeights` came from, for `model.json`. */
  readonly pretrained?: WeightsSource;
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
  const description = spec.network ?? simpleCnn();
  return resolveNetwork(description, spec, spec.classNames.length);
}
