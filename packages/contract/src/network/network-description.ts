import type { SampleShape } from './window';

/** Height and width, or one number for both. */
export type Pair = number | readonly [height: number, width: number];

/**
 * Zeros around an image: one number for all sides, [vertical, horizontal], each side by itself, or `same`: as many as
 * make the output ceil(side / stride), an odd one at the bottom or right (TensorFlow's SAME; at stride 1 PyTorch's `same`).
 */
export type Padding =
  | Pair
  | 'same'
  | {
      readonly top: number;
      readonly bottom: number;
      readonly left: number;
      readonly right: number;
    };

interface NodeBase {
  /**
   * Of its own. Prefix of its weights' names, name of its dropout mask. Default where it has neither: type and
   * position, such as `relu2`.
   */
  readonly name?: string;
  /** Names of the nodes it reads, or `image`. Default: the node before it. */
  readonly inputs?: readonly string[];
}

interface NamedNode extends NodeBase {
  readonly name: string;
}

/** y[o] = Σ W[o, c] ∗ x[c] + b[o]; weights `NAME.weight` [out, in/groups, height, width] and `NAME.bias` [out]. */
export interface Conv2dNode extends NamedNode {
  readonly type: 'conv2d';
  /** Channels it puts out. */
  readonly channels: number;
  readonly kernelSize: Pair;
  /** Default 1. */
  readonly stride?: Pair;
  /** Default 0. */
  readonly padding?: Padding;
  /** Pixels from one element of the kernel to the next. Default 1. */
  readonly dilation?: Pair;
  /** Parts that the channels are divided into, each convolved alone. Default 1; as many as input channels: depthwise. */
  readonly groups?: number;
  /** Default true. */
  readonly bias?: boolean;
}

/** Weights `NAME.weight`, `NAME.bias`, state `NAME.running_mean`, `NAME.running_var`, each [channels]. */
export interface BatchNormNode extends NamedNode {
  readonly type: 'batchNorm';
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** Share of each batch in the running statistics, 0 < momentum ≤ 1. Default 0.1. */
  readonly momentum?: number;
}

/** y = W x + b; weights `NAME.weight` [units, inputs] and `NAME.bias` [units]. */
export interface DenseNode extends NamedNode {
  readonly type: 'dense';
  /** Values it puts out; `classes`: as many as the data has. */
  readonly units: number | 'classes';
  /** Default true. */
  readonly bias?: boolean;
}

/** In training each value is left out with probability `rate` and else scaled by 1/(1 - rate). */
export interface DropoutNode extends NamedNode {
  readonly type: 'dropout';
  /** 0 ≤ rate < 1. Default 0.5. */
  readonly rate?: number;
}

export interface MaxPoolNode extends NodeBase {
  readonly type: 'maxPool';
  readonly kernelSize: Pair;
  /** Default: the kernel's size. */
  readonly stride?: Pair;
  /** At most half the kernel on each side; padding is never the maximum. Default 0. */
  readonly padding?: Padding;
}

export interface AveragePoolNode extends NodeBase {
  readonly type: 'averagePool';
  readonly kernelSize: Pair;
  /** Default: the kernel's size. */
  readonly stride?: Pair;
  /** At most half the kernel on each side. Default 0. */
  readonly padding?: Padding;
  /** Whether padding counts as zeros in the mean. Default true. */
  readonly countPadding?: boolean;
}

export interface LeakyReluNode extends NodeBase {
  readonly type: 'leakyRelu';
  /** Default 0.01. */
  readonly negativeSlope?: number;
}

export interface GeluNode extends NodeBase {
  readonly type: 'gelu';
  /** `none`: x·Φ(x) by the error function; `tanh`: its approximation. Default `none`. */
  readonly approximation?: 'none' | 'tanh';
}

/**
 * - `relu`, `relu6` (min(max(x, 0), 6)), `sigmoid`, `silu` (x · sigmoid(x)), `hardSwish` (x · relu6(x + 3) / 6): value by value.
 * - `globalAveragePool`: [channels, height, width] → [channels, 1, 1].
 * - `flatten`: to one axis, in channel, height, width order.
 * - `add`, `multiply`: two inputs of one shape, or one of them [channels, 1, 1], which spreads over the image.
 * - `concat`: two or more inputs, one after the other along the channels.
 */
export interface PlainNode extends NodeBase {
  readonly type:
    | 'relu'
    | 'relu6'
    | 'sigmoid'
    | 'silu'
    | 'hardSwish'
    | 'globalAveragePool'
    | 'flatten'
    | 'add'
    | 'multiply'
    | 'concat';
}

export type NetworkNode =
  | Conv2dNode
  | BatchNormNode
  | DenseNode
  | DropoutNode
  | MaxPoolNode
  | AveragePoolNode
  | LeakyReluNode
  | GeluNode
  | PlainNode;

export type NodeType = NetworkNode['type'];

/** Name by which nodes read the network's input. */
export const IMAGE = 'image';

/**
 * A network as data, in PyTorch's terms and with its defaults. It says nothing of image size or classes: one description
 * serves any that its nodes fit, see `resolveNetwork`. The last node's output, one value a class, are the logits.
 */
export interface NetworkDescription {
  readonly schemaVersion: 1;
  /** For tables: `resnet-18`. */
  readonly name: string;
  /** Of each RGB channel, on pixels scaled to 0–1: the network sees (x - mean) / standardDeviation. Default: ImageNet's. */
  readonly normalisation?: {
    readonly mean: readonly [number, number, number];
    readonly standardDeviation: readonly [number, number, number];
  };
  /**
   * Shape of what goes in, [values] or [channels, height, width], where that is no image but the float32 features that another
   * network has computed of one. Default: an RGB image.
   */
  readonly features?: SampleShape;
  /** Each after those that it reads. */
  readonly nodes: readonly NetworkNode[];
}
