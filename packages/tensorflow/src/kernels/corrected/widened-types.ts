import type { DataType, KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../../node-backend';
import type { TensorFlow } from '../../tensorflow-js';
import { cutFractions } from '../cast';
import { wrapKernel } from '../partial-kernel';

/*
 * TensorFlow refuses types that TensorFlow.js computes with on its other backends: logical values in arithmetic, whole
 * numbers in functions of fractions. Such inputs are computed as a wider type, and the result is made theirs again.
 */

/** How a kernel takes types that TensorFlow has no kernel for. */
interface Widening {
  /** The narrowest type that TensorFlow computes it with. */
  readonly computedAs: 'int32' | 'float32';
  /** Type of the result: the inputs' own, or what comes out. Default: `inputs`. */
  readonly result?: 'inputs' | 'computed';
  /** The input whose type it is, where others have one of their own. Default: all. */
  readonly input?: string;
}

const AS_INTEGERS: Widening = { computedAs: 'int32' };
const AS_FLOATS: Widening = { computedAs: 'float32' };
const TO_INTEGERS: Widening = { computedAs: 'int32', result: 'computed' };
const TO_FLOATS: Widening = { computedAs: 'float32', result: 'computed' };

function wideningsOf(tf: TensorFlow): ReadonlyMap<string, Widening> {
  const list = (names: readonly string[], widening: Widening) =>
    names.map((name) => [name, widening] as const);
  return new Map([
    ...list([tf.Abs, tf.Add, tf.AddN, tf.Sub, tf.Multiply, tf.Neg, tf.Square], AS_INTEGERS),
    ...list([tf.SquaredDifference, tf.Mod, tf.Pow, tf.Relu, tf.Relu6, tf.Round], AS_INTEGERS),
    ...list([tf.Sign, tf.Max, tf.Min, tf.Diag, tf.TopK, tf.ClipByValue], AS_INTEGERS),
    ...list([tf.BatchMatMul, tf.BatchToSpaceND, tf.SpaceToBatchND], AS_INTEGERS),
    ...list([tf.MaxPool, tf.MaxPoolWithArgmax], AS_INTEGERS),
    ...list([tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual, tf.FloorDiv], TO_INTEGERS),
    ...list([tf.Cumsum, tf.Cumprod, tf.Einsum], TO_INTEGERS),
    ...list([tf.UnsortedSegmentSum], { ...TO_INTEGERS, input: 'x' }),
    ...list([tf.CropAndResize], { ...TO_INTEGERS, input: 'image' }),
    ...list([tf.ResizeBilinear, tf.MaxPool3D], TO_FLOATS),
    ...list([tf.Conv2DBackpropInput, tf.Conv2DBackpropFilter], TO_FLOATS),
    ...list([tf.Conv3DBackpropInputV2, tf.Conv3DBackpropFilterV2], TO_FLOATS),
    ...list([tf.Dilation2D, tf.MaxPoolGrad], AS_INTEGERS),
    ...list([tf.Acos, tf.Acosh, tf.Asin, tf.Asinh, tf.Atan, tf.Atanh, tf.Atan2], AS_FLOATS),
    ...list([tf.Expm1, tf.Log1p, tf.RealDiv, tf.Selu, tf.Sinh], AS_FLOATS),
    ...list([tf.Softplus, tf.Step, tf.Conv3D, tf.LRN], AS_FLOATS),
    ...list([tf.Exp, tf.IsFinite, tf.IsInf, tf.IsNan, tf.LeakyRelu], TO_FLOATS),
  ]);
}

const WIDTH: Readonly<Record<DataType, number>> = {
  bool: 0,
  int32: 1,
  float32: 2,
  complex64: 3,
  string: 4,
};

/** Has the kernels of `backendName` take every type of numbers. */
export function widenTypes(tf: TensorFlow, backendName: string): void {
  for (const [kernelName, widening] of wideningsOf(tf)) {
    wrapKernel(tf, backendName, kernelName, (stock) => widened(tf, stock, widening));
  }
}

function widened(
  tf: TensorFlow,
  stock: KernelFunc,
  { computedAs, result = 'inputs', input }: Widening,
): KernelFunc {
  return (call) => {
    const inputs = Object.entries(call.inputs) as [string, TensorInfo | undefined][];
    const typed = inputs.filter(
      (entry): entry is [string, TensorInfo] => !!entry[1] && (input ?? entry[0]) === entry[0],
    );
    const isNarrow = (dtype: DataType) => WIDTH[dtype] < WIDTH[computedAs];
    const narrow = typed.filter(([, { dtype }]) => isNarrow(dtype));
    if (narrow.length === 0) return stock(call);
    const types = typed.map(([, { dtype }]) => dtype);
    const widest = types.reduce((a, b) => (WIDTH[a] > WIDTH[b] ? a : b));
    return tf.tidy(() => {
      const wide = narrow.map(([name, tensor]) => [name, tf.cast(tensor as Tensor, computedAs)]);
      const named = { ...call.inputs, ...Object.fromEntries(wide) };
      const listed = Array.isArray(call.inputs) ? Object.values(named) : named;
      const output = stock({ ...call, inputs: listed as typeof call.inputs });
      const [first, ...others] = [output].flat() as [Tensor, ...Tensor[]];
      const isTheirs = result === 'computed' || first.dtype !== computedAs || !isNarrow(widest);
      if (isTheirs) return output as Tensor[];
      const cut = cutFractions(call.backend as NodeBackend, first, widest as 'int32' | 'bool');
      return Array.isArray(output) ? [cut, ...others] : cut;
    });
  };
}
