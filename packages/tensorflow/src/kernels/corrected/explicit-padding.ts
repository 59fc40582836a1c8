import type { KernelFunc, NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-js';
import { wrapKernel } from '../partial-kernel';
import { type Margins, marginsOf, type Window, withoutPadding } from './margins';

/*
 * Padding that is given in numbers, as models that come from PyTorch have it. TensorFlow's pools know none, and its convolutions
 * some; so what is computed is padded first, and then computed without padding.
 */

/** Below every number, so that no maximum is found there. */
const NOWHERE = Number.NEGATIVE_INFINITY;
/** int32 has no infinity. */
const LEAST_INTEGER = -(2 ** 31);

/** Which input is padded, with what, and which tensor's shape the result has, where it has that of what is padded. */
interface PaddedKernel {
  readonly window: Window;
  /** Default: `x`. */
  readonly input?: string;
  readonly fill?: 'zeros' | 'least';
  /** Whether the result is a gradient of the padded input, of which the margins are cut off. Default: false. */
  readonly cut?: boolean;
}

/** Has the kernels of `backendName` take padding in numbers. */
export function padExplicitly(tf: TensorFlow, backendName: string): void {
  const pool = (dimensions: 2 | 3) => ({ of: 'pool', dimensions }) as const;
  const convolution = { of: 'convolution', dimensions: 2 } as const;
  const deep = { of: 'convolution', dimensions: 3 } as const;
  const depthwise = { of: 'depthwise', dimensions: 2 } as const;
  const dilation = { of: 'dilation', dimensions: 2 } as const;
  const kernels: Readonly<Record<string, PaddedKernel>> = {
    [tf.Conv2D]: { window: convolution },
    [tf.FusedConv2D]: { window: convolution },
    [tf.Conv2DBackpropFilter]: { window: convolution },
    [tf.Conv2DBackpropInput]: { window: convolution, input: 'inputShape', cut: true },
    [tf.DepthwiseConv2dNative]: { window: depthwise },
    [tf.FusedDepthwiseConv2D]: { window: depthwise },
    [tf.DepthwiseConv2dNativeBackpropFilter]: { window: depthwise },
    [tf.DepthwiseConv2dNativeBackpropInput]: { window: depthwise, input: 'inputShape', cut: true },
    [tf.Conv3D]: { window: deep },
    [tf.Conv3DBackpropFilterV2]: { window: deep },
    [tf.Conv3DBackpropInputV2]: { window: deep, input: 'inputShape', cut: true },
    [tf.Dilation2D]: { window: dilation, fill: 'least' },
    [tf.Dilation2DBackpropFilter]: { window: dilation, fill: 'least' },
    [tf.Dilation2DBackpropInput]: { window: dilation, fill: 'least', cut: true },
    [tf.MaxPool]: { window: pool(2), fill: 'least' },
    [tf.MaxPoolGrad]: { window: pool(2), input: 'input', fill: 'least', cut: true },
    [tf.MaxPool3D]: { window: pool(3), fill: 'least' },
    [tf.MaxPool3DGrad]: { window: pool(3), input: 'input', fill: 'least', cut: true },
  };
  for (const [name, kernel] of Object.entries(kernels)) {
    wrapKernel(tf, backendName, name, (stock) => padded(tf, stock, kernel));
  }
}

function padded(tf: TensorFlow, stock: KernelFunc, kernel: PaddedKernel): KernelFunc {
  const { input = 'x', fill = 'zeros', cut = false, window } = kernel;
  return (call) => {
    const attributes = call.attrs as NamedAttrMap;
    if (typeof attributes.pad === 'string') return stock(call);
    const inputs = call.inputs as Readonly<Record<string, TensorInfo>>;
    const margins = marginsOf(tf, window, inputs, attributes);
    const valid = withoutPadding(attributes);
    return tf.tidy(() => {
      const given = inputs[input];
      const paddedInputs = given
        ? { ...inputs, [input]: pad(tf, given as Tensor, margins, fill) }
        : inputs;
      const paddedShape = given ? {} : { [input]: grow(attributes[input] as number[], margins) };
      const result = stock({
        ...call,
        inputs: paddedInputs as typeof call.inputs,
        attrs: { ...valid, ...paddedShape } as NamedAttrMap,
      });
      return cut ? cutMargins(tf, result as Tensor, margins) : (result as Tensor);
    });
  };
}

/** `x` with margins on both sides of each axis. */
export function pad(tf: TensorFlow, x: Tensor, margins: Margins, fill: 'zeros' | 'least'): Tensor {
  if (margins.flat().every((size) => size === 0)) return x;
  const least = x.dtype === 'float32' ? NOWHERE : LEAST_INTEGER;
  return tf.pad(x, margins as [number, number][], fill === 'zeros' ? 0 : least);
}

/** What is left of `x` without its margins. */
export function cutMargins(tf: TensorFlow, x: Tensor, margins: Margins): Tensor {
  const sizes = x.shape.map((size, axis) => size - margins[axis]![0] - margins[axis]![1]);
  return tf.slice(
    x,
    margins.map(([before]) => before),
    sizes,
  );
}

function grow(shape: readonly number[], margins: Margins): number[] {
  return shape.map((size, axis) => size + margins[axis]![0] + margins[axis]![1]);
}
