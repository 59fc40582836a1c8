import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-js';

/** What is added before and after each axis. */
export type Margins = readonly (readonly [before: number, after: number])[];

/** What a kernel moves over its input. */
export interface Window {
  readonly of: 'pool' | 'convolution' | 'depthwise' | 'dilation';
  readonly dimensions: 2 | 3;
}

/** One axis of a window, as TensorFlow.js works it out. */
interface Axis {
  readonly size: number;
  readonly stride: number;
  /** With its dilation. */
  readonly extent: number;
  readonly before: number;
  readonly after: number;
}

/**
 * The margins after which a kernel without padding gives what TensorFlow.js says of the padding in numbers. Where it rounds
 * the size of the result up, the last window reaches further than the numbers say. Channels come last.
 */
export function marginsOf(
  tf: TensorFlow,
  window: Window,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: NamedAttrMap,
): Margins {
  const results = inputs.dy?.shape;
  const spatial = axesOf(infoOf(tf, window, inputs, attributes)).map(
    ({ size, stride, extent, before, after }, axis) => {
      // TensorFlow.js takes the window's height for its width here, so that its own size of the result is not asked; and
      // keeps from gradients how it was rounded, which their own sizes tell.
      const steps = (size + before + after - extent) / stride;
      const round = ROUND[attributes.dimRoundingMode as string] ?? Math.trunc;
      const last = results ? (results[1 + axis] as number) - 1 : round(steps);
      return [before, Math.max(after, last * stride + extent - size - before)] as const;
    },
  );
  return [[0, 0], ...spatial, [0, 0]];
}

/** The attributes of the same kernel without padding. */
export function withoutPadding({ dimRoundingMode: _, ...attributes }: NamedAttrMap): NamedAttrMap {
  return { ...attributes, pad: 'valid' };
}

const ROUND: Readonly<Record<string, (value: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
};

type Info = Readonly<Record<string, unknown>>;

function infoOf(
  { backend_util }: TensorFlow,
  { of, dimensions }: Window,
  inputs: Readonly<Record<string, TensorInfo>>,
  attributes: NamedAttrMap,
): Info {
  const { filterSize, strides, pad, dimRoundingMode, dilations } = attributes;
  const shape = attributes.inputShape ?? (inputs.x ?? inputs.input)!.shape;
  if (of === 'pool') {
    const compute = (
      dimensions === 2 ? backend_util.computePool2DInfo : backend_util.computePool3DInfo
    ) as (...geometry: unknown[]) => unknown;
    return compute(shape, filterSize, strides, 1, pad, dimRoundingMode) as Info;
  }
  const filter = attributes.filterShape ?? inputs.filter!.shape;
  if (of === 'dilation') {
    const compute = backend_util.computeDilation2DInfo as (...geometry: unknown[]) => unknown;
    return compute(shape, filter, strides, pad, 'NHWC', dilations) as Info;
  }
  const compute = (
    dimensions === 2 ? backend_util.computeConv2DInfo : backend_util.computeConv3DInfo
  ) as (...geometry: unknown[]) => unknown;
  const further = dimensions === 2 ? [dimRoundingMode, of === 'depthwise'] : [];
  return compute(shape, filter, strides, dilations ?? 1, pad, ...further) as Info;
}

const NAMES = [
  ['Depth', 'front', 'back'],
  ['Height', 'top', 'bottom'],
  ['Width', 'left', 'right'],
] as const;

function axesOf(info: Info): Axis[] {
  const read = (name: string) => info[name] as number;
  const margins = info.padInfo as Readonly<Record<string, number>>;
  return NAMES.filter(([name]) => info[`out${name}`] !== undefined).map(
    ([name, before, after]) => ({
      size: read(`in${name}`),
      stride: read(`stride${name}`),
      extent: read(`effectiveFilter${name}`),
      before: margins[before]!,
      after: margins[after]!,
    }),
  );
}
