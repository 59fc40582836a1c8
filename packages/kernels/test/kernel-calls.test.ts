import { describe, expect, it } from '@jest/globals';
import { type KernelName, kernelCalls, SharedHeap } from '../src';
import { compileKernels, instantiateKernels } from '../src/kernel-module';

/** An object of which every property is `value`. */
const anything = (value: unknown) => new Proxy({}, { get: () => value }) as never;

describe('kernelCalls', () => {
  const exports = instantiateKernels(compileKernels(), new SharedHeap().memory);
  const names = Object.keys(kernelCalls) as KernelName[];

  it('are as many as the compiled kernels', () => {
    expect(names.toSorted()).toEqual(Object.keys(exports).toSorted());
    expect(names.length).toBeGreaterThan(20);
  });

  it.each(names)('%s takes what the compiled kernel takes', (name) => {
    expect(kernelCalls[name](anything(1)).numbers).toHaveLength(exports[name].length);
  });

  it('put arguments in the order of the signature, however they are given', () => {
    const call = kernelCalls.addTo({ length: 16, values: 2, sums: 1 });
    expect(call).toEqual({ name: 'addTo', numbers: [1, 2, 16] });
  });

  it('refuse an argument that is missing, or half a byte, by its name', () => {
    expect(() => kernelCalls.clear({ start: 0 } as never)).toThrow(
      'The kernel clear takes a whole number as its argument end, not undefined.',
    );
    expect(() => kernelCalls.clear({ start: 0.5, end: 1 })).toThrow('argument start, not 0.5');
    expect(() => kernelCalls.adam(anything('0'))).toThrow(TypeError);
  });
});
