import type { ResolvedNode } from '@dlcmp/contract';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Operation } from '../network/operation';
import { convolveRectifyPool, reluGradient } from './backend-kernels';
import { biasGradient } from './bias-gradient';
import { conv2d } from './conv2d';
import { convolutionOf } from './grouped-convolution';
import { maxPool } from './max-pool';

/** Nodes that follow one another: a conv2d with bias, a relu, a maxPool. */
export interface ConvolutionBlock {
  readonly convolution: ResolvedNode;
  readonly pool: ResolvedNode;
}

/** Stride 1, height and width kept. */
const GEOMETRY = { strides: [1, 1] as [number, number], pad: 'same' } as const;

/**
 * Convolution 3×3, bias and rectifier in one pass, then 2×2 max-pooling: the function of the nodes one after the other, and
 * the same gradients. The rectifier's is taken after the pooling, which leaves a quarter of the values: where a largest
 * value is not positive, nothing flows back to its square.
 */
export function fusedConvolutionBlock({ convolution, pool }: ConvolutionBlock): Operation {
  const { name } = convolution;
  const gradients = convolutionOf(convolution, GEOMETRY);
  const pooling = maxPool(pool);
  const { strides, pad } = GEOMETRY;
  return ([input], context) => {
    const { tf, weights } = context;
    const x = input as Tensor4D;
    const filter = weights[`${name}.weight`] as Tensor4D;
    const bias = weights[`${name}.bias`] as Tensor;
    if (context.forwardOnly) {
      return { output: convolveRectifyPool(tf, x, filter, bias), backward: hasNoGradients };
    }
    const rectified = tf.fused.conv2d({ x, filter, bias, strides, pad, activation: 'relu' });
    const pooled = pooling([rectified], context);
    return {
      output: pooled.output,
      backward(dy) {
        const gradient = reluGradient(tf, dy, pooled.output);
        const convolved = pooled.backward(gradient).inputs[0]?.() as Tensor4D;
        return {
          weights: {
            [`${name}.weight`]: gradients.filterGradient(tf, x, convolved, filter.shape),
            [`${name}.bias`]: biasGradient(tf, gradient, bias.size),
          },
          inputs: [() => gradients.inputGradient(tf, convolved, filter, x.shape)],
        };
      },
    };
  };
}

function hasNoGradients(): never {
  throw new Error('What was computed for inference has no gradients.');
}

/**
 * Convolution, pooling, bias, rectifier. Bias and rectifier keep order, so that max(relu(x + b)) is relu(max(x) + b):
 * pooling first leaves a quarter of the values to the others.
 */
export function pooledFirstBlock({ convolution, pool }: ConvolutionBlock): Operation {
  const { name } = convolution;
  const convolve = conv2d({ ...convolution, name: UNBIASED });
  const pooling = maxPool(pool);
  return ([x], { weights, ...context }) => {
    const { tf } = context;
    const filter = { [`${UNBIASED}.weight`]: weights[`${name}.weight`] as Tensor };
    const bias = weights[`${name}.bias`] as Tensor;
    const convolved = convolve([x as Tensor], { ...context, weights: filter });
    const pooled = pooling([convolved.output], { ...context, weights });
    const output = tf.relu(tf.add(pooled.output, bias));
    return {
      output,
      backward(dy) {
        const gradient = reluGradient(tf, dy, output);
        const biased = biasGradient(tf, gradient, bias.size);
        const above = pooled.backward(gradient).inputs[0]?.() as Tensor;
        const { weights: filters, inputs } = convolved.backward(above);
        const weight = filters?.[`${UNBIASED}.weight`] as Tensor;
        return { weights: { [`${name}.bias`]: biased, [`${name}.weight`]: weight }, inputs };
      },
    };
  };
}

/** A name without a bias among the weights. */
const UNBIASED = 'unbiased';
