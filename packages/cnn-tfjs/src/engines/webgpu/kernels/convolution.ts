import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../tensorflow-modules';
import { type ConvolutionSizes, convolutionSizes, transposedSizes } from '../../convolution-sizes';
import { matrixOperand, neighbourhoodOperand } from './operand';
import { multiply } from './product';
import { elementwise, runProgram, withShape } from './program';

type Inputs<Name extends string> = Readonly<Record<Name, TensorInfo>>;

/** tf.conv2d for stride 1 without dilation: the pixels under the kernel times the kernel. */
export function convolve(
  tf: TensorFlow,
  backend: WebGPUBackend,
  { x, filter }: Inputs<'x' | 'filter'>,
  attributes: Conv2DAttrs,
): TensorInfo {
  const sizes = convolutionSizes(tf, x.shape, filter.shape, attributes);
  return convolveBySizes(backend, x, filter, sizes);
}

/** A convolution of the output's gradient with the rotated kernel. */
export function convolutionInputGradient(
  tf: TensorFlow,
  backend: WebGPUBackend,
  { dy, filter }: Inputs<'dy' | 'filter'>,
  attributes: Conv2DBackpropInputAttrs,
): TensorInfo {
  const sizes = convolutionSizes(tf, attributes.inputShape, filter.shape, attributes);
  const rotated = rotate(backend, filter, sizes);
  const gradient = convolveBySizes(backend, dy, rotated, transposedSizes(sizes));
  backend.disposeData(rotated.dataId);
  return gradient;
}

/** The pixels under the kernel, transposed, times the output's gradient: a sum over all images. */
export function convolutionFilterGradient(
  tf: TensorFlow,
  backend: WebGPUBackend,
  { x, dy }: Inputs<'x' | 'dy'>,
  attributes: Conv2DBackpropFilterAttrs,
): TensorInfo {
  const { filterShape } = attributes;
  const sizes = convolutionSizes(tf, x.shape, filterShape, attributes);
  const { count, outputHeight, outputWidth, outputs } = sizes;
  const gradient = multiply(backend, {
    rows: kernelSize(sizes),
    columns: outputs,
    depth: count * outputHeight * outputWidth,
    left: neighbourhoodOperand('Left', x, sizes, false),
    right: matrixOperand('Right', dy, outputs, false),
  });
  return withShape(gradient, filterShape);
}

function convolveBySizes(
  backend: WebGPUBackend,
  images: TensorInfo,
  filter: TensorInfo,
  sizes: ConvolutionSizes,
): TensorInfo {
  const { count, outputHeight, outputWidth, outputs } = sizes;
  const result = multiply(backend, {
    rows: count * outputHeight * outputWidth,
    columns: outputs,
    depth: kernelSize(sizes),
    left: neighbourhoodOperand('Left', images, sizes, true),
    right: matrixOperand('Right', filter, outputs, false),
  });
  return withShape(result, [count, outputHeight, outputWidth, outputs]);
}

function kernelSize({ kernelHeight, kernelWidth, channels }: ConvolutionSizes): number {
  return kernelHeight * kernelWidth * channels;
}

/** The kernel turned by 180° with its channel axes exchanged. */
function rotate(backend: WebGPUBackend, filter: TensorInfo, sizes: ConvolutionSizes): TensorInfo {
  const { kernelHeight, kernelWidth, channels, outputs } = sizes;
  const positions = kernelHeight * kernelWidth;
  return runProgram(
    backend,
    elementwise({
      key: 'rotateKernel',
      code: `
        let channel = index % uniforms.channels;
        let output = (index / uniforms.channels) % uniforms.outputs;
        let position = index / (uniforms.channels * uniforms.outputs);
        let source = (uniforms.positions - 1 - position) * uniforms.channels + channel;
        result[index] = x[source * uniforms.outputs + output];`,
      inputs: { x: { tensor: filter, components: 1 } },
      output: { size: positions * channels * outputs, components: 1 },
      integers: { positions, channels, outputs },
    }),
  );
}
