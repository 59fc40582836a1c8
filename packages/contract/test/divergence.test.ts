import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  assertConverged,
  BEGINNING,
  createInitialWeights,
  createTrainingRun,
  type ModelSpec,
  networkOf,
  readSavedNetwork,
  simpleCnn,
  trainNetwork,
  type Weights,
  writeModelManifest,
  writeSafetensors,
  writeSavedNetwork,
} from '../src';

const spec: ModelSpec = {
  inputHeight: 8,
  inputWidth: 8,
  classNames: ['forest', 'glacier'],
  seed: 3,
  network: simpleCnn({ channels: [1, 1, 1], hiddenUnits: 4, dropoutRate: 0.5 }),
};

const images = { pixels: new Uint8Array(5 * 192), labels: Int32Array.of(0, 1, 0, 1, 1), count: 5 };

const sound = createInitialWeights(spec);

/** The tensor `name` with one value that is `value`. */
function withValue(name: string, value: number): Weights {
  const { shape, data } = sound[name] as Weights[string];
  const broken = data.slice();
  broken[broken.length - 1] = value;
  return { ...sound, [name]: { shape, data: broken } };
}

/** A fit of two epochs of three steps, whose losses are all finite. */
async function fit(weights: Weights, logits: Float32Array) {
  const epochs: number[] = [];
  const steps: number[] = [];
  const options = {
    epochs: 2,
    batchSize: 2,
    onProgress: ({ completed }: { completed: number }) => void steps.push(completed),
    onEpochEnd: ({ epoch }: { epoch: number }) => void epochs.push(epoch),
  };
  const asked: number[] = [];
  const model = {
    getWeights: async () => weights,
    predictLogits: async (pixels: Uint8Array, count: number) => {
      asked.push(pixels.length, count);
      return logits;
    },
  };
  const error: unknown = await trainNetwork(
    createTrainingRun(networkOf(spec), spec.seed, images, options),
    BEGINNING,
    {
      step: async () => ({ loss: 1 }),
      weights: model.getWeights,
      assertConverged: (batch, position) => assertConverged(model, batch, position),
      checkpoint: async () => undefined,
    },
  ).then(
    () => undefined,
    (cause) => cause,
  );
  return { error, epochs, steps, asked };
}

describe('the last step of a fit', () => {
  it('passes where weights and logits are finite, asked for its own batch', async () => {
    const { error, epochs, asked } = await fit(sound, Float32Array.of(3e38, -3e38));
    expect(error).toBeUndefined();
    expect(epochs).toEqual([1, 2]);
    // The third batch of an epoch of five images in twos holds one image of 8 × 8 × 3 bytes.
    expect(asked).toEqual([192, 1]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'fails with DIVERGED where it leaves a weight of %s, and its epoch never ends',
    async (value) => {
      const { error, epochs, steps } = await fit(withValue('fc1.bias', value), Float32Array.of(1));
      expect(error).toMatchObject({
        code: 'DIVERGED',
        message: `The weight fc1.bias is ${value} after the last step (step 6, epoch 2). The learning rate is probably too high: try a tenth of it.`,
      });
      expect(epochs).toEqual([1]);
      expect(steps).toEqual([1, 2, 3, 4, 5]);
    },
  );

  it('fails with DIVERGED where finite weights give logits that are not', async () => {
    const { error } = await fit(sound, Float32Array.of(1, Number.NaN));
    expect(error).toMatchObject({
      code: 'DIVERGED',
      message: expect.stringContaining('A logit is NaN after the last step (step 6, epoch 2)'),
    });
  });
});

describe('a saved model', () => {
  it('is not written where a weight is not finite', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dlcmp-divergence-'));
    const directory = join(folder, 'model');
    await expect(
      writeSavedNetwork(
        directory,
        { adapter: 'any', engine: 'any' },
        { spec, network: networkOf(spec), weights: withValue('conv3.weight', Number.NaN) },
      ),
    ).rejects.toMatchObject({ code: 'DIVERGED', message: expect.stringContaining('conv3.weight') });
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('is not opened where a weight is not finite, and the file is named', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'dlcmp-divergence-'));
    const path = join(directory, 'weights.safetensors');
    await writeSafetensors(path, withValue('fc2.bias', Number.POSITIVE_INFINITY));
    await writeModelManifest(directory, 'any', spec);
    await expect(readSavedNetwork(directory)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(/The weight fc2\.bias is Infinity in weights\.safetensors\./),
    });
    await rm(directory, { recursive: true });
  });
});
