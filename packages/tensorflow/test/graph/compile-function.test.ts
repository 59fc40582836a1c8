import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import {
  type FunctionOutput,
  type FunctionVariable,
  type OpenEngine,
  openEngine,
} from '../../src/engine';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs-core') as TensorFlow;

describeOnTensorFlow('a function compiled of what TensorFlow.js computes', () => {
  let engine: OpenEngine;
  beforeAll(async () => {
    engine = await openEngine(tf, { device: 'CPU', threads: 1, asynchronous: true });
    await tf.setBackend(engine.backendName);
  });
  afterAll(() => engine.close());

  it('takes bytes, numbers and tensors, and gives several outputs', () => {
    const weights = tf.tensor1d([2, -1, 0.5]);
    const arrays = [
      { type: 'uint8', shape: [3] } as const,
      { type: 'float32', shape: [] } as const,
    ];
    const compiled = engine.compile({ arrays, tensors: [weights] }, (trace) => {
      const [bytes, offset] = trace.arrays as [Tensor, Tensor];
      const products = tf.mul(bytes, trace.tensors[0] as Tensor);
      return [tf.add(products, offset), tf.sum(products)];
    });
    const answer = (bytes: number[], offset: number) =>
      compiled
        .call(0, {
          arrays: [Uint8Array.from(bytes), Float32Array.of(offset)],
          tensors: [weights],
        })
        .map((output) => [...output.read()]);
    expect(answer([255, 3, 4], 1)).toEqual([[511, -2, 3], [509]]);
    expect(answer([1, 2, 200], -1)).toEqual([[1, -3, 99], [100]]);
    compiled.dispose();
    weights.dispose();
  });

  it('takes lists of tensors, and has variables hold what it computes of them', () => {
    const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])];
    const variables = [a, b];
    const compiled = engine.compile({ arrays: [], variables }, (trace) => {
      const [first, second] = trace.variables as [FunctionVariable, FunctionVariable];
      const values = [trace.read(first), trace.read(second)] as [Tensor, Tensor];
      const sum = tf.addN([...values, tf.reshape(tf.slice(tf.stack(values), 0, 1), [2])]);
      trace.assign([
        [first, values[1]],
        [second, sum],
      ]);
      return [tf.concat([...values, sum])];
    });
    const call = () => compiled.call(0, { arrays: [], variables })[0]?.read();
    expect(call()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 8));
    expect([...a.dataSync(), ...b.dataSync()]).toEqual([3, 4, 5, 8]);
    expect(call()).toEqual(Float32Array.of(3, 4, 5, 8, 11, 16));
    compiled.dispose();
    a.dispose();
    b.dispose();
  });

  it("updates variables in place by Adam's formula, and reads scalars together", () => {
    const [weight, first, second] = [
      tf.tensor1d([1, 2]),
      tf.tensor1d([0, 0.5]),
      tf.tensor1d([0, 4]),
    ];
    const variables = [weight, first, second];
    const inputs = { arrays: [{ type: 'float32', shape: [4] } as const], variables };
    const compiled = engine.compile(inputs, (trace) => {
      const [w, m, v] = trace.variables as [FunctionVariable, FunctionVariable, FunctionVariable];
      // The loss w0² + w1² has the gradient 2w.
      const value = trace.read(w);
      const gradient = tf.mul(value, 2);
      const updates = [{ weight: w, firstMoment: m, secondMoment: v, gradient }];
      trace.applyAdam(updates, trace.arrays[0] as Tensor);
      return [tf.sum(tf.square(value))];
    });
    const [rate, beta1, beta2, epsilon] = [0.1, 0.5, 0.75, 0.01];
    const losses = [0, 1].map((slot) => {
      const [loss] = compiled.call(slot, {
        arrays: [Float32Array.of(rate, beta1, beta2, epsilon)],
        variables,
      });
      return loss as FunctionOutput;
    });
    const expected = [
      { w: 1, m: 0, v: 0 },
      { w: 2, m: 0.5, v: 4 },
    ];
    const expectedLosses: number[] = [];
    for (let step = 0; step < 2; step++) {
      expectedLosses.push(expected.reduce((sum, { w }) => sum + w * w, 0));
      for (const state of expected) {
        const gradient = 2 * state.w;
        state.m = beta1 * state.m + (1 - beta1) * gradient;
        state.v = beta2 * state.v + (1 - beta2) * gradient ** 2;
        state.w -= (rate * state.m) / (Math.sqrt(state.v) + epsilon);
      }
    }
    engine.readScalars(losses).forEach((loss, step) => {
      expect(loss).toBeCloseTo(expectedLosses[step] as number, 5);
    });
    for (const [tensor, key] of [
      [weight, 'w'],
      [first, 'm'],
      [second, 'v'],
    ] as const) {
      const values = tensor.dataSync();
      for (const [index, state] of expected.entries()) {
        expect(values[index]).toBeCloseTo(state[key], 5);
      }
    }
    compiled.dispose();
    tf.dispose(variables);
  });
});
