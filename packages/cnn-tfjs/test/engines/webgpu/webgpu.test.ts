import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { createCnnTfjs } from '../../../src';
import { openWebGpu } from '../../../src/engines/webgpu';
import { loadTensorFlowModules } from '../../../src/tensorflow-modules';
import { describeOnWebGpu } from '../../engines-under-test';
import { SMALL_SPEC, smallImages } from '../../small-spec';

const modules = await loadTensorFlowModules();
const { core: tf } = modules;

async function probe() {
  return (await createCnnTfjs().probe()).find(({ name }) => name === 'webgpu');
}

describe('without a GPU, the WebGPU backend', () => {
  it('says so, and what would help', async () => {
    const before = process.env.VK_DRIVER_FILES;
    process.env.VK_DRIVER_FILES = '/nowhere.json';
    try {
      expect(await probe()).toMatchObject({
        available: false,
        reason: expect.stringContaining('no GPU that it can use'),
        remedy: expect.stringContaining('driver'),
      });
      await expect(createCnnTfjs().create(SMALL_SPEC, { backend: 'webgpu' })).rejects.toMatchObject(
        { code: 'BACKEND_UNAVAILABLE' },
      );
    } finally {
      if (before === undefined) delete process.env.VK_DRIVER_FILES;
      else process.env.VK_DRIVER_FILES = before;
    }
  });
});

describeOnWebGpu('the WebGPU backend', () => {
  it('names the GPU, and says of an emulated one that it is', async () => {
    const found = await probe();
    expect(found).toMatchObject({
      available: true,
      versions: {
        '@tensorflow/tfjs-backend-webgpu': '4.22.0',
        'webgpu (Dawn)': expect.any(String),
      },
    });
    const device = found?.available ? found.device : '';
    if (/swiftshader|llvmpipe/i.test(device)) expect(device).toContain('software, on the CPU');
  });

  it('stays out of the way of other users of TensorFlow.js', async () => {
    await tf.setBackend('wasm');
    const own = tf.tensor1d([1, 2, 3]);
    const globals = Object.getOwnPropertyNames(globalThis);
    const kernels = tf.getKernelsForBackend('webgpu').length;
    const classifier = await createCnnTfjs().create(SMALL_SPEC, { backend: 'webgpu' });
    const { pixels } = smallImages(2);
    await classifier.predictLogits(pixels, 2);
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.add(own, own).dataSync()).toEqual(Float32Array.from([2, 4, 6]));
    await expect(classifier.predictLogits(pixels, 5)).rejects.toThrow();
    expect(tf.getBackend()).toBe('wasm');
    await classifier.dispose();
    expect(tf.mul(own, own).dataSync()).toEqual(Float32Array.from([1, 4, 9]));
    own.dispose();
    expect(Object.getOwnPropertyNames(globalThis)).toEqual(globals);
    expect(tf.getKernelsForBackend('webgpu')).toHaveLength(kernels);
  });

  it('serves several runtimes, is gone with the last, and comes back', async () => {
    const open = () => openWebGpu(modules);
    const engine = 'cnn-tfjs-webgpu';
    const [first, second] = await Promise.all([open(), open()]);
    await first.close();
    expect(second.run(() => tf.getBackend())).toBe(engine);
    await second.close();
    expect(tf.engine().backendNames()).not.toContain(engine);
    expect(tf.getKernelsForBackend(engine)).toEqual([]);
    const third = await open();
    const sum = third.run(() => third.read(tf.add([1, 2], [3, 4])));
    expect(await sum).toEqual(Float32Array.of(4, 6));
    await third.close();
  });

  it('keeps as many tensors and as much memory over steps', async () => {
    const classifier = await createCnnTfjs().create(SMALL_SPEC, { backend: 'webgpu' });
    const { pixels, labels, count } = smallImages(3);
    const batch = {
      pixels,
      labels,
      masks: { dropout: new Uint8Array(count * 6).fill(1) },
      size: count,
    };
    for (let step = 0; step < 4; step++) await classifier.trainStep(batch);
    const backend = tf.findBackend('cnn-tfjs-webgpu') as WebGPUBackend;
    const before = [tf.memory().numTensors, backend.memory().numBytesAllocatedInGPU];
    for (let step = 0; step < 20; step++) await classifier.trainStep(batch);
    expect([tf.memory().numTensors, backend.memory().numBytesAllocatedInGPU]).toEqual(before);
    await classifier.dispose();
  });

  it('lets several classifiers train at once', async () => {
    const images = smallImages(12);
    const losses = await Promise.all(
      [1, 2].map(async () => {
        const classifier = await createCnnTfjs().create(SMALL_SPEC, { backend: 'webgpu' });
        const seen: number[] = [];
        const onEpochEnd = ({ trainLoss }: { trainLoss: number }) => void seen.push(trainLoss);
        await classifier.fit(images, { epochs: 2, batchSize: 5, onEpochEnd });
        await classifier.dispose();
        return seen;
      }),
    );
    expect(losses[0]).toHaveLength(2);
    expect(losses[0]).toEqual(losses[1]);
  });

  it('lets the process end by itself', async () => {
    const program = `
      const { cnnTfjs } = await import(${JSON.stringify(new URL('../../../dist/index.js', import.meta.url).href)});
      const classifier = await cnnTfjs.create(${JSON.stringify(SMALL_SPEC)}, { backend: 'webgpu' });
      await classifier.predictLogits(new Uint8Array(9 * 8 * 3), 1);
      console.log('predicted');`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--no-warnings', '--input-type=module', '--eval', program],
    ]);
    expect(stdout).toContain('predicted');
  });
});
