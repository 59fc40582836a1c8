import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { ImageFiles } from '../src/images/image-files';
import { inferModels } from '../src/infer/infer-models';
import {
  CLASSES,
  DEVIATION,
  MEAN,
  multiply,
  SCORES,
  SIDE,
  softmax,
  writeTinyModel,
} from './tiny-model';

const COUNT = 3;
let directory: string;
const python = process.env.DLCMP_PYTHON;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'infer-'));
  process.env.DLCMP_PYTHON = join(directory, 'no-python');
});
afterAll(async () => {
  if (python === undefined) delete process.env.DLCMP_PYTHON;
  else process.env.DLCMP_PYTHON = python;
  await rm(directory, { recursive: true });
});

it('runs a model in each runtime, names what another program did, and says what is missing', async () => {
  const path = join(directory, 'tiny.onnx');
  await writeTinyModel(path);
  const raw = Array.from({ length: COUNT }, (_, image) =>
    Buffer.from(
      Array.from({ length: SIDE * SIDE * 3 }, (__, at) => (at * (7 + image) + image * 50) % 256),
    ),
  );
  const files = await Promise.all(
    raw.map(async (pixels, image) => {
      const file = join(directory, `${image}.png`);
      await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } })
        .png()
        .toFile(file);
      return { path: file, relativePath: `${image}.png` };
    }),
  );
  const swapped = raw.flatMap((pixels) => {
    const values = Array.from({ length: 3 * SIDE * SIDE }, (_, at) => {
      const channel = Math.floor(at / SIDE / SIDE);
      const byte = pixels[(at % (SIDE * SIDE)) * 3 + 2 - channel] as number;
      return (byte / 255 - (MEAN[channel] as number)) / (DEVIATION[channel] as number);
    });
    return softmax(multiply(values, SCORES));
  });
  const { runs, models } = await inferModels({
    models: [path],
    images: new ImageFiles(files),
    expected: {
      source: 'theirs.json',
      classNames: CLASSES,
      probabilities: Float32Array.from(swapped),
    },
    options: {
      normalisation: 'imagenet',
      activation: 'softmax',
      output: 'scores',
      classNames: CLASSES,
      layout: 'NCHW',
    },
    threads: 1,
    repeats: 1,
    seed: 1,
  });
  const [node, web, other] = runs;
  expect(node).toMatchObject({
    agrees: false,
    difference: { against: 'theirs.json', explanation: { fault: 'channels-swapped' } },
    measured: [],
  });
  expect(web).toMatchObject({
    agrees: true,
    difference: { agreement: 1 },
    measured: [{ p50Ms: expect.any(Number) }],
  });
  expect(other).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('DLCMP_PYTHON'),
  });
  expect(models[0]).toMatchObject({ precision: 'fp32', description: { channels: 'RGB' } });
});
