import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fineTune, loadOnnxClassifier } from '@dlcmp/cnn-onnx';
import { drawNetworkWeights, mobilenetV2, resolveNetwork, writeSafetensors } from '@dlcmp/contract';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const size = { inputHeight: 32, inputWidth: 32 };
const classNames = ['dark', 'light'];
const COUNT = 12;

/** Dark and light images, in turn. */
function images() {
  const bytes = 32 * 32 * 3;
  const pixels = new Uint8Array(COUNT * bytes);
  const labels = new Int32Array(COUNT);
  for (let image = 0; image < COUNT; image++) {
    labels[image] = image % 2;
    const base = image % 2 === 0 ? 40 : 190;
    for (let at = 0; at < bytes; at++) pixels[image * bytes + at] = base + ((image * 7 + at) % 23);
  }
  return { pixels, labels, count: COUNT };
}

let folder: string;
let weights: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dlcmp-fine-tune-'));
  weights = join(folder, 'backbone.safetensors');
  await writeSafetensors(weights, drawNetworkWeights(resolveNetwork(mobilenetV2(), size, 9), 1));
});

afterAll(() => rm(folder, { recursive: true }));

describe('fineTune', () => {
  it('gives a classifier of other classes that saves to .onnx, and says where it came from', async () => {
    const losses: number[] = [];
    const classifier = await fineTune({
      ...{ backbone: 'mobilenet-v2', weights, images: images(), size, classNames, threads: 1 },
      onEpochEnd: ({ trainLoss }) => void losses.push(trainLoss),
    });
    const model = join(folder, 'model');
    await classifier.save(model);
    const { pixels } = images();
    const answers = await classifier.predict(pixels, COUNT);
    await classifier.dispose();
    expect(losses).toHaveLength(20);
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    const manifest = JSON.parse(await readFile(join(model, 'model.json'), 'utf8'));
    expect(manifest.pretrained).toEqual({
      name: weights,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const opened = await loadOnnxClassifier(join(model, 'model.onnx'), { threads: 1 });
    const again = await opened.predict(pixels, COUNT);
    await opened.dispose();
    const apart = [...again].map((value, at) => Math.abs(value - (answers[at] as number)));
    expect(Math.max(...apart)).toBeLessThan(1e-5);
  });

  it('names the command that fetches weights which are not here', async () => {
    const { XDG_CACHE_HOME } = process.env;
    process.env.XDG_CACHE_HOME = folder;
    const tuned = fineTune({ backbone: 'resnet-18', images: images(), size, classNames });
    await expect(tuned).rejects.toThrow('dlcmp weights download resnet-18');
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  });
});
