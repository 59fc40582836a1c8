import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** Numbers of a tensor that a program's code sees together: one, or four as a `vec4`. */
export type Components = 1 | 4;

/** A tensor that a program reads, flat, under a name of its code. */
export interface ProgramInput {
  readonly tensor: TensorInfo;
  readonly components: Components;
}

/** Workgroups along one axis of a dispatch; WebGPU promises twice as many. */
export const MOST_GROUPS = 32_768;

/** One run of a compute shader. */
export interface KernelProgram {
  /** Tells pipelines apart: names all that `code` depends on. */
  readonly key: string;
  /**
   * WGSL with `fn main(index : i32)`, which reads the inputs by their names and `uniforms`, and writes `result`; the
   * invocation is in `localIndex`, `workgroupId` and `numWorkgroups`.
   */
  readonly code: string;
  readonly inputs: Readonly<Record<string, ProgramInput>>;
  readonly output: { readonly size: number; readonly components: Components };
  /** i32 by name. */
  readonly integers?: Readonly<Record<string, number>>;
  /** f32 by name. */
  readonly floats?: Readonly<Record<string, number>>;
  readonly groupSize: number;
  readonly groups: readonly [number, number, number];
}

/**
 * Queues `program` on the backend.
 *
 * @param target written in place of a new float32 tensor; may not be an input as well
 * @returns the result, flat
 */
export function runProgram(
  backend: WebGPUBackend,
  program: KernelProgram,
  target?: TensorInfo,
): TensorInfo {
  const { key, code, inputs, output, integers = {}, floats = {}, groupSize, groups } = program;
  const given = Object.values(inputs);
  const uniforms = [
    ...Object.entries(integers).map(([name, value]) => ({ name, type: 'int32', value })),
    ...Object.entries(floats).map(([name, value]) => ({ name, type: 'float32', value })),
  ];
  const declarations = uniforms.map(
    ({ name, type }) => ` ${name} : ${type === 'int32' ? 'i32' : 'f32'},`,
  );
  return backend.runWebGPUProgram(
    {
      shaderKey: key,
      variableNames: Object.keys(inputs),
      variableComponents: given.map(({ components }) => components),
      outputShape: [output.size],
      outputComponent: output.components,
      uniforms: declarations.join(''),
      workgroupSize: [groupSize, 1, 1],
      dispatchLayout: { x: [0] },
      dispatch: [...groups],
      getUserCode: () => code,
    },
    given.map(({ tensor }) => flat(tensor)),
    FLOAT,
    uniforms.map(({ type, value }) => ({ type, data: [value] })),
    target && flat(target),
  );
}

const FLOAT: DataType = 'float32';

function flat(tensor: TensorInfo): TensorInfo {
  return withShape(tensor, [sizeOf(tensor)]);
}

/** Numbers in a tensor. */
export function sizeOf({ shape }: Pick<TensorInfo, 'shape'>): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `tensor` seen in another shape. */
export function withShape(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
  return { dataId: tensor.dataId, dtype: tensor.dtype, shape: [...shape] };
}

/** Four at a time where rows of `length` numbers begin at multiples of four. */
export function componentsFor(length: number): Components {
  return length % 4 === 0 ? 4 : 1;
}

const GROUP_SIZE = 64;

/**
 * A program with one invocation for each number, or each four of them, of its result, as `index`; the uniform `count`
 * is how many there are.
 */
export function elementwise(
  program: Omit<KernelProgram, 'groupSize' | 'groups'>,
  count = program.output.size / program.output.components,
): KernelProgram {
  return {
    ...program,
    code: `fn main(index : i32) {
      if (index >= uniforms.count) { return; }
      ${program.code}
    }`,
    integers: { ...program.integers, count },
    groupSize: GROUP_SIZE,
    groups: [Math.ceil(count / GROUP_SIZE), 1, 1],
  };
}

/** `f32` or `vec4<f32>`. */
export function floatType(components: Components): string {
  return components === 4 ? 'vec4<f32>' : 'f32';
}
