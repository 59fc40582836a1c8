import type { AdamFactors } from '@dlcmp/contract';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamState } from '../../runtime';
import { componentsFor, elementwise, floatType, runProgram, sizeOf } from './program';

/** One step of Adam, in place: one program for each of the three tensors, as a program of TensorFlow.js has one result. */
export function applyAdam(
  backend: WebGPUBackend,
  { weight, firstMoment, secondMoment }: AdamState,
  gradient: TensorInfo,
  { meanDecay, varianceDecay, stepSize, rootScale, epsilon }: AdamFactors,
): void {
  const update = (
    target: TensorInfo,
    name: string,
    formula: (type: string) => string,
    inputs: Readonly<Record<string, TensorInfo>>,
    floats: Readonly<Record<string, number>>,
  ) => updateInPlace(backend, target, { name, formula, inputs, floats });

  update(
    firstMoment,
    'adamFirstMoment',
    (type) => `mix(gradient[index], result[index], ${type}(uniforms.beta))`,
    { gradient },
    { beta: meanDecay },
  );
  update(
    secondMoment,
    'adamSecondMoment',
    (type) => `mix(gradient[index] * gradient[index], result[index], ${type}(uniforms.beta))`,
    { gradient },
    { beta: varianceDecay },
  );
  update(
    weight,
    'adamWeight',
    (type) => `result[index] - uniforms.stepSize * mean[index]
      / (sqrt(variance[index]) * uniforms.rootScale + ${type}(uniforms.epsilon))`,
    { mean: firstMoment, variance: secondMoment },
    { stepSize, rootScale, epsilon },
  );
}

interface Update {
  readonly name: string;
  /** WGSL of the new `result[index]`, given the type of a value. */
  readonly formula: (type: string) => string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly floats: Readonly<Record<string, number>>;
}

function updateInPlace(
  backend: WebGPUBackend,
  target: TensorInfo,
  { name, formula, inputs, floats }: Update,
): void {
  const size = sizeOf(target);
  const components = componentsFor(size);
  runProgram(
    backend,
    elementwise({
      key: `${name} ${components}`,
      code: `result[index] = ${formula(floatType(components))};`,
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([input, tensor]) => [input, { tensor, components }]),
      ),
      output: { size, components },
      floats,
    }),
    target,
  );
}
