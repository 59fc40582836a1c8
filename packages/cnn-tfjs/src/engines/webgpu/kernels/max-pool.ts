import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { MaxPoolAttrs, MaxPoolGradAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../tensorflow-modules';
import { pooledShape } from '../../pooled-shape';
import { componentsFor, elementwise, floatType, runProgram, sizeOf, withShape } from './program';

/** The four values of a square; a row or column that fills no square is not read. */
const READ_SQUARE = `
  let square = ((image * uniforms.height + 2 * row) * uniforms.width + 2 * column) * uniforms.channels + channel;
  let below = square + uniforms.width * uniforms.channels;
  let a = x[square];
  let b = x[square + uniforms.channels];
  let c = x[below];
  let d = x[below + uniforms.channels];`;

/** tf.maxPool for windows of 2×2 with stride 2. */
export function maxPool(
  tf: TensorFlow,
  backend: WebGPUBackend,
  { x }: { readonly x: TensorInfo },
  attributes: MaxPoolAttrs,
): TensorInfo {
  const shape = pooledShape(tf, x.shape, attributes);
  const [, height, width, channels] = x.shape as [number, number, number, number];
  const components = componentsFor(channels);
  const pooled = runProgram(
    backend,
    elementwise({
      key: `maxPool ${components}`,
      code: `
        let channel = index % uniforms.channels;
        let column = (index / uniforms.channels) % uniforms.pooledWidth;
        let row = (index / (uniforms.channels * uniforms.pooledWidth)) % uniforms.pooledHeight;
        let image = index / (uniforms.channels * uniforms.pooledWidth * uniforms.pooledHeight);
        ${READ_SQUARE}
        result[index] = max(max(a, b), max(c, d));`,
      inputs: { x: { tensor: x, components } },
      output: { size: sizeOf({ shape: [...shape] }), components },
      integers: { ...sizes(height, width, channels / components) },
    }),
  );
  return withShape(pooled, shape);
}

/**
 * The gradient of {@link maxPool}: where values tie, the first one in row order gets it all, as in PyTorch, whereas
 * TensorFlow.js's own kernel gives it to the last.
 */
export function maxPoolGradient(
  tf: TensorFlow,
  backend: WebGPUBackend,
  { dy, input }: Readonly<Record<'dy' | 'input', TensorInfo>>,
  attributes: MaxPoolGradAttrs,
): TensorInfo {
  pooledShape(tf, input.shape, attributes);
  const [count, height, width, channels] = input.shape as [number, number, number, number];
  const components = componentsFor(channels);
  const type = floatType(components);
  const squares = count * Math.ceil(height / 2) * Math.ceil(width / 2);
  const gradient = runProgram(
    backend,
    elementwise(
      {
        key: `maxPoolGradient ${components}`,
        code: `
          let squareColumns = (uniforms.width + 1) / 2;
          let squareRows = (uniforms.height + 1) / 2;
          let channel = index % uniforms.channels;
          let column = (index / uniforms.channels) % squareColumns;
          let row = (index / (uniforms.channels * squareColumns)) % squareRows;
          let image = index / (uniforms.channels * squareColumns * squareRows);
          ${READ_SQUARE}
          let isRight = 2 * column + 1 < uniforms.width;
          let isBelow = 2 * row + 1 < uniforms.height;
          let zero = ${type}(0.0);
          var slope = zero;
          if (isRight && isBelow) {
            slope = dy[((image * uniforms.pooledHeight + row) * uniforms.pooledWidth + column) * uniforms.channels + channel];
          }
          let largest = max(max(a, b), max(c, d));
          result[square] = select(zero, slope, a == largest);
          var rest = select(slope, zero, a == largest);
          if (isRight) { result[square + uniforms.channels] = select(zero, rest, b == largest); }
          rest = select(rest, zero, b == largest);
          if (isBelow) { result[below] = select(zero, rest, c == largest); }
          rest = select(rest, zero, c == largest);
          if (isRight && isBelow) { result[below + uniforms.channels] = rest; }`,
        inputs: { x: { tensor: input, components }, dy: { tensor: dy, components } },
        output: { size: sizeOf(input), components },
        integers: sizes(height, width, channels / components),
      },
      (squares * channels) / components,
    ),
  );
  return withShape(gradient, input.shape);
}

function sizes(height: number, width: number, channels: number) {
  const [pooledHeight, pooledWidth] = [Math.floor(height / 2), Math.floor(width / 2)];
  return { height, width, channels, pooledHeight, pooledWidth };
}
