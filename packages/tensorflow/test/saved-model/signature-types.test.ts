import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Tensor } from '@tensorflow/tfjs-core';
import { registerTensorFlow } from '../../src/index';
import type { TensorFlow } from '../../src/tensorflow-js';
import { describeOnTensorFlow } from '../native-tensorflow';
import { writeIdentityModel } from './write-saved-model';

const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as TensorFlow;

describeOnTensorFlow('a signature of a SavedModel', () => {
  const { node } = registerTensorFlow(tf);
  let directory: string;

  beforeEach(async () => {
    await tf.setBackend('tensorflow');
    directory = await mkdtemp(join(tmpdir(), 'dlcmp-signature-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('takes and gives int64, with its sign, which ops go on with as int32', async () => {
    await writeIdentityModel(directory, 'DT_INT64');
    const model = await node.loadSavedModel(directory);
    const tensorsBefore = tf.memory().numTensors;
    const x = tf.tensor1d([-1, 5, 2_147_483_647, -2_147_483_648], 'int32');
    const y = model.predict(x) as Tensor;
    expect(y.dataSync()).toEqual(BigInt64Array.of(-1n, 5n, 2_147_483_647n, -2_147_483_648n));
    const further = [tf.sub(y, x), tf.cast(y, 'float32'), model.predict(y) as Tensor];
    expect([...further[0]!.dataSync()]).toEqual([0, 0, 0, 0]);
    expect([...further[1]!.dataSync()]).toEqual([-1, 5, 2_147_483_648, -2_147_483_648]);
    expect(further[2]!.dataSync()).toEqual(y.dataSync());
    tf.dispose([x, y, ...further]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });

  it('takes and gives bytes and strings', async () => {
    await writeIdentityModel(directory, 'DT_UINT8');
    const bytes = await node.loadSavedModel(directory);
    const y = bytes.predict(tf.tensor1d([0, 200, 255], 'int32')) as Tensor;
    expect(tf.sum(y).dataSync()[0]).toBe(455);
    const strings = await mkdtemp(join(directory, 'strings-'));
    await writeIdentityModel(strings, 'DT_STRING');
    const model = await node.loadSavedModel(strings);
    const words = model.predict({ x: tf.tensor1d(['grün', '', 'sea']) }) as Record<string, Tensor>;
    expect(words.y!.dataSync()).toEqual(['grün', '', 'sea']);
  });
});
