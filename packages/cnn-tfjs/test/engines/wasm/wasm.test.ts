import { describe, expect, it } from '@jest/globals';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { createCnnTfjs } from '../../../src';
import { loadTensorFlowModules } from '../../../src/tensorflow-modules';
import { openRuntime } from '../../open-runtime';
import { SMALL_SPEC, smallImages } from '../../small-spec';

const modules = await loadTensorFlowModules();
const { core: tf } = modules;

describe('the WebAssembly backend', () => {
  it('is announced with its versions', async () => {
    expect(await createCnnTfjs().probe()).toContainEqual({
      name: 'wasm',
      available: true,
      device: 'CPU',
      versions: {
        '@tensorflow/tfjs-core': tf.version_core,
        '@tensorflow/tfjs-backend-wasm': modules.wasm.version_wasm,
      },
    });
  });

  it('stands on the modules that it is given', async () => {
    const core = { ...tf, version_core: '0.0.1-injected' } as unknown as typeof tf;
    const probes = await createCnnTfjs({ modules: { core } }).probe();
    expect(probes.find(({ name }) => name === 'wasm')).toMatchObject({
      versions: { '@tensorflow/tfjs-core': '0.0.1-injected' },
    });
  });

  it('stays out of the way of other users of TensorFlow.js', async () => {
    await tf.setBackend('wasm');
    const own = tf.tensor1d([1, 2, 3]);
    const classifier = await createCnnTfjs().create(SMALL_SPEC, { backend: 'wasm' });
    const { pixels } = smallImages(2);
    await classifier.predictLogits(pixels, 2);
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.add(own, own).dataSync()).toEqual(Float32Array.from([2, 4, 6]));
    await expect(classifier.predictLogits(pixels, 5)).rejects.toThrow();
    expect(tf.getBackend()).toBe('wasm');
    await classifier.dispose();
    expect(tf.mul(own, own).dataSync()).toEqual(Float32Array.from([1, 4, 9]));
    own.dispose();
  });

  it('leaves the process and the global objects as they were', async () => {
    const listener = () => undefined;
    process.on('uncaughtException', listener);
    const listeners = () => [
      ...process.rawListeners('uncaughtException'),
      ...process.rawListeners('unhandledRejection'),
    ];
    const before = listeners();
    const hadWorker = 'Worker' in globalThis;
    const classifier = await createCnnTfjs().create(SMALL_SPEC, { backend: 'wasm' });
    expect(listeners()).toEqual(before);
    expect('Worker' in globalThis).toBe(hadWorker);
    await classifier.dispose();
    expect(listeners()).toEqual(before);
    process.off('uncaughtException', listener);
  });

  it('serves several runtimes, and is gone with the last', async () => {
    const [first, second] = await Promise.all([openRuntime(1), openRuntime(2)]);
    const [engine] = tf
      .engine()
      .backendNames()
      .filter((name) => name.startsWith('cnn-tfjs'));
    await first.close();
    expect(second.run(() => tf.getBackend())).toBe(engine);
    const closing = second.close();
    const third = await openRuntime(1);
    await closing;
    expect(third.run(() => tf.getBackend())).toBe(engine);
    await third.close();
    expect(tf.engine().backendNames()).not.toContain(engine);
    expect(tf.getKernelsForBackend(engine ?? '')).toEqual([]);
  });

  it('refuses what its kernels cannot compute', async () => {
    const runtime = await openRuntime(1);
    runtime.run(() => {
      tf.tidy(() => {
        const image = tf.zeros([1, 4, 4, 1]) as Tensor4D;
        const filter = tf.zeros([3, 3, 1, 1]) as Tensor4D;
        expect(() => tf.conv2d(image, filter, 2, 'same')).toThrow('stride 1');
        expect(() => tf.maxPool(image, 3, 2, 'valid')).toThrow('2×2');
        expect(() => tf.matMul(tf.zeros([2, 2, 2]), tf.zeros([2, 2, 2]))).toThrow('matrices');
      });
    });
    await runtime.close();
  });
});

describe('createCnnTfjs', () => {
  it('names its backends where another one is asked for', async () => {
    await expect(createCnnTfjs().create(SMALL_SPEC, { backend: 'abacus' })).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
      message: expect.stringContaining('wasm'),
    });
  });

  it.each([0, 1.5, -1])('refuses %d threads', async (threads) => {
    await expect(createCnnTfjs().create(SMALL_SPEC, { threads })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
