import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFactsBeside } from '../../src/index';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'facts-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function factsOf(file: string, json: unknown) {
  const folder = await mkdtemp(join(directory, 'model-'));
  await writeFile(join(folder, file), JSON.stringify(json));
  const facts = await readFactsBeside(join(folder, 'model.onnx'));
  return Object.assign({}, ...facts.map(({ values }) => values));
}

const HALVES = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };

describe('readFactsBeside', () => {
  it('reads how transformers stretches, rescales and normalises', async () => {
    const json = {
      ...HALVES,
      resample: 3,
      rescale_factor: 1 / 255,
      size: { height: 64, width: 96 },
    };
    expect(await factsOf('preprocessor_config.json', json)).toEqual({
      normalisation: { scale: 255, mean: HALVES.image_mean, standardDeviation: HALVES.image_std },
      resize: { filter: 'bicubic', fit: 'stretch' },
      inputHeight: 64,
      inputWidth: 96,
    });
  });

  it('reads a crop of the middle', async () => {
    const json = {
      ...HALVES,
      do_normalize: false,
      do_center_crop: true,
      size: { shortest_edge: 256 },
      crop_size: 224,
    };
    expect(await factsOf('preprocessor_config.json', json)).toEqual({
      normalisation: { scale: 255, mean: [0, 0, 0], standardDeviation: [1, 1, 1] },
      resize: { filter: 'bilinear', fit: 'crop', shorterSide: 256 },
      inputHeight: 224,
      inputWidth: 224,
    });
  });

  it('reads a crop of an image that was stretched before, of transformers and of timm', async () => {
    const resize = { filter: 'bilinear', fit: 'stretch-crop', shorterSide: 256 };
    const json = {
      ...HALVES,
      do_center_crop: true,
      size: { height: 256, width: 256 },
      crop_size: { height: 224, width: 224 },
    };
    expect(await factsOf('preprocessor_config.json', json)).toMatchObject({ resize });
    const config = { mean: [0, 0, 0], std: [1, 1, 1], input_size: [3, 224, 224] };
    const pretrained = { ...config, crop_pct: 0.875, crop_mode: 'squash' };
    expect(await factsOf('config.json', { pretrained_cfg: pretrained })).toMatchObject({ resize });
  });

  it('reads what timm keeps of a training', async () => {
    const config = {
      mean: [1, 2, 3],
      std: [4, 5, 6],
      input_size: [3, 224, 224],
      interpolation: 'bicubic',
      crop_pct: 0.875,
    };
    expect(
      await factsOf('config.json', { pretrained_cfg: config, label_names: ['a', 'b'] }),
    ).toEqual({
      normalisation: { scale: 255, mean: [1, 2, 3], standardDeviation: [4, 5, 6] },
      resize: { filter: 'bicubic', fit: 'crop', shorterSide: 256 },
      inputHeight: 224,
      inputWidth: 224,
      classNames: ['a', 'b'],
    });
  });

  it('reads names of classes by their numbers', async () => {
    const json = { id2label: { 10: 'ten', 9: 'nine' }, problem_type: 'multi_label_classification' };
    expect(await factsOf('config.json', json)).toEqual({
      classNames: ['nine', 'ten'],
      activation: 'sigmoid',
      labels: 'several',
    });
  });

  it('reads how ConvNeXt cuts the middle out', async () => {
    const json = {
      ...HALVES,
      image_processor_type: 'ConvNextImageProcessor',
      crop_pct: 0.875,
      size: { shortest_edge: 224 },
    };
    expect(await factsOf('preprocessor_config.json', json)).toMatchObject({
      resize: { filter: 'bilinear', fit: 'crop', shorterSide: 256 },
      inputHeight: 224,
    });
    const large = { ...json, size: { shortest_edge: 384 } };
    expect(await factsOf('preprocessor_config.json', large)).toMatchObject({
      resize: { filter: 'bilinear', fit: 'stretch' },
      inputHeight: 384,
    });
  });

  it.each([
    ['null', 'it is no object'],
    [{ ...HALVES, crop_pct: 0.9, size: 224 }, 'crop_pct of undefined is not understood'],
  ])('refuses %j', async (json, reason) => {
    const written = json === 'null' ? null : json;
    await expect(factsOf('preprocessor_config.json', written)).rejects.toThrow(reason);
  });

  it('refuses by name what is not done here', async () => {
    await expect(
      factsOf('preprocessor_config.json', { ...HALVES, do_pad: true }),
    ).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringMatching(/preprocessor_config\.json cannot be followed: do_pad/),
    });
  });
});
