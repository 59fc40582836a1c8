import { assertArgument } from '../errors';
import type { NodeType } from './network-description';
import {
  flag,
  fraction,
  type OptionType,
  oneOf,
  padding,
  pair,
  units,
  wholeNumber,
} from './option-types';
import { resolveWindow, type SampleShape, type Window, windowPositions } from './window';

type Shapes = Readonly<Record<string, readonly number[]>>;

/** What a node's type needs to know of one node. */
export interface NodeFacts {
  /** For errors: `conv2d "conv1"`. */
  readonly label: string;
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputShapes: readonly SampleShape[];
  readonly classCount: number;
}

/** What a node of some type is on given inputs. */
export interface NodeShapes {
  readonly outputShape: SampleShape;
  /** Of convolutions and pools. */
  readonly window?: Window;
  /** Shape of each weight, by the name behind the node's: `weight`, `bias`. */
  readonly weights?: Shapes;
  /** Shape of each value that training keeps up to date without a gradient. */
  readonly state?: Shapes;
  /** Probability with which its mask leaves out a value. */
  readonly dropoutRate?: number;
}

/** A row of the table of node types. */
export interface NodeTypeRow {
  /** Whether it must have a name: it has weights or a mask. */
  readonly named?: true;
  /** How many inputs it takes. Default one. */
  readonly inputs?: 'two' | 'two or more';
  readonly options?: Readonly<Record<string, OptionType>>;
  shapes(facts: NodeFacts): NodeShapes;
}

const elementwise: NodeTypeRow = { shapes: ({ inputShapes: [shape] }) => sameShape(shape) };

/** Every type that a node may have: its options with their defaults, and what it makes of a shape. */
export const NODE_TYPES: Readonly<Record<NodeType, NodeTypeRow>> = {
  conv2d: {
    named: true,
    options: {
      channels: wholeNumber(1),
      kernelSize: pair(1),
      stride: pair(1, 1),
      padding: padding(),
      dilation: pair(1, 1),
      groups: wholeNumber(1, 1),
      bias: flag(true),
    },
    shapes: convolutionShapes,
  },
  batchNorm: {
    named: true,
    options: {
      epsilon: fraction(1e-5, 'a number above 0', { exclusiveMinimum: 0 }),
      momentum: fraction(0.1, 'a number above 0 and at most 1', {
        exclusiveMinimum: 0,
        maximum: 1,
      }),
    },
    shapes: (facts) => {
      const shape = imageShape(facts);
      const channels = [shape[0]];
      return {
        outputShape: shape,
        weights: { weight: channels, bias: channels },
        state: { running_mean: channels, running_var: channels },
      };
    },
  },
  relu: elementwise,
  relu6: elementwise,
  leakyRelu: {
    options: { negativeSlope: fraction(0.01, 'a number', {}) },
    shapes: elementwise.shapes,
  },
  silu: elementwise,
  hardSwish: elementwise,
  gelu: {
    options: { approximation: oneOf(['none', 'tanh'], 'none') },
    shapes: elementwise.shapes,
  },
  sigmoid: elementwise,
  maxPool: {
    options: { kernelSize: pair(1), stride: strideLikeKernel(), padding: padding() },
    shapes: poolShapes,
  },
  averagePool: {
    options: {
      kernelSize: pair(1),
      stride: strideLikeKernel(),
      padding: padding(),
      countPadding: flag(true),
    },
    shapes: poolShapes,
  },
  globalAveragePool: { shapes: (facts) => ({ outputShape: [imageShape(facts)[0], 1, 1] }) },
  add: { inputs: 'two', shapes: broadcastShapes },
  multiply: { inputs: 'two', shapes: broadcastShapes },
  concat: { inputs: 'two or more', shapes: concatShapes },
  flatten: {
    shapes: ({ inputShapes: [shape = []] }) => ({
      outputShape: [shape.reduce((a, b) => a * b, 1)],
    }),
  },
  dense: { named: true, options: { units: units(), bias: flag(true) }, shapes: denseShapes },
  dropout: {
    named: true,
    options: {
      rate: fraction(0.5, 'a number of at least 0 and below 1', {
        minimum: 0,
        exclusiveMaximum: 1,
      }),
    },
    shapes: ({ inputShapes: [shape], options }) => ({
      ...sameShape(shape),
      dropoutRate: options.rate as number,
    }),
  },
};

/** A pool's stride is its kernel's size where none is given; `0` stands for that. */
function strideLikeKernel(): OptionType {
  return {
    ...pair(1),
    default: 'kernelSize',
    accepts: (v) => v === 'kernelSize' || pair(1).accepts(v),
  };
}

function sameShape(shape: SampleShape = []): NodeShapes {
  return { outputShape: shape };
}

function imageShape({
  label,
  inputShapes: [shape = []],
}: NodeFacts): readonly [number, number, number] {
  assertArgument(
    shape.length === 3,
    `${label} takes images [channels, height, width], but its input is [${shape.join(', ')}]. Put it before flatten and dense.`,
  );
  return shape as readonly number[] as readonly [number, number, number];
}

function convolutionShapes(facts: NodeFacts): NodeShapes {
  const { label, options } = facts;
  const shape = imageShape(facts);
  const { channels, groups, bias } = options as { channels: number; groups: number; bias: boolean };
  assertArgument(
    shape[0] % groups === 0 && channels % groups === 0,
    `${label}: ${shape[0]} input and ${channels} output channels cannot be divided into ${groups} groups. Choose groups that divide both.`,
  );
  const window = resolveWindow(options as never, shape);
  return {
    outputShape: [channels, ...windowPositions(label, window, shape)],
    window,
    weights: {
      weight: [channels, shape[0] / groups, ...window.kernelSize],
      ...(bias && { bias: [channels] }),
    },
  };
}

function poolShapes(facts: NodeFacts): NodeShapes {
  const { label, options } = facts;
  const shape = imageShape(facts);
  const stride = options.stride === 'kernelSize' ? options.kernelSize : options.stride;
  const window = resolveWindow({ ...options, stride } as never, shape);
  const { kernelSize, padding: sides } = window;
  assertArgument(
    options.padding === 'same' ||
      (Math.max(sides.top, sides.bottom) * 2 <= kernelSize[0] &&
        Math.max(sides.left, sides.right) * 2 <= kernelSize[1]),
    `${label}: padding must be at most half the kernel of ${kernelSize.join('×')}, or a position would see nothing but padding.`,
  );
  return { outputShape: [shape[0], ...windowPositions(label, window, shape)], window };
}

function broadcastShapes({ label, inputShapes }: NodeFacts): NodeShapes {
  const [first = [], second = []] = inputShapes;
  const spreads = (small: SampleShape, large: SampleShape) =>
    small.join() === large.join() ||
    (small.length === 3 && large.length === 3 && small.join() === [large[0], 1, 1].join());
  assertArgument(
    spreads(first, second) || spreads(second, first),
    `${label} takes two inputs of one shape, or one of [channels, 1, 1], not [${first.join(', ')}] and [${second.join(', ')}].`,
  );
  return { outputShape: spreads(first, second) ? second : first };
}

function concatShapes({ label, inputShapes }: NodeFacts): NodeShapes {
  const [[, ...others] = []] = inputShapes;
  assertArgument(
    inputShapes.every(([, ...sides]) => sides.join() === others.join()),
    `${label} takes inputs of one height and width, not ${inputShapes.map((shape) => `[${shape.join(', ')}]`).join(', ')}.`,
  );
  const channels = inputShapes.reduce((sum, [count = 0]) => sum + count, 0);
  return { outputShape: [channels, ...others] };
}

function denseShapes({
  label,
  inputShapes: [shape = []],
  options,
  classCount,
}: NodeFacts): NodeShapes {
  assertArgument(
    shape.length === 1,
    `${label} takes one axis, but its input is [${shape.join(', ')}]. Put a flatten before it.`,
  );
  const count = options.units === 'classes' ? classCount : (options.units as number);
  return {
    outputShape: [count],
    weights: {
      weight: [count, shape[0] as number],
      ...(options.bias === true && { bias: [count] }),
    },
  };
}
