import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { componentsFor, elementwise, floatType, runProgram, sizeOf, withShape } from './program';

/** dy where `y`, a rectifier's output, is positive, else 0. */
export function reluGradient(
  backend: WebGPUBackend,
  { dy, y }: Readonly<Record<'dy' | 'y', TensorInfo>>,
): TensorInfo {
  const size = sizeOf(dy);
  const components = componentsFor(size);
  const type = floatType(components);
  const gradient = runProgram(
    backend,
    elementwise({
      key: `reluGradient ${components}`,
      code: `result[index] = select(${type}(0.0), dy[index], y[index] > ${type}(0.0));`,
      inputs: { dy: { tensor: dy, components }, y: { tensor: y, components } },
      output: { size, components },
    }),
  );
  return withShape(gradient, dy.shape);
}
