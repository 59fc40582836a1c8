import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { ImageClassifier } from '../src/answers/image-classifier';
import { treatmentOf } from '../src/answers/treatment';
import { findClassOrder } from '../src/faults/class-order';
import { explainDifference } from '../src/faults/explain-difference';
import { ImageFiles } from '../src/images/image-files';
import { onnxRuntimeNode } from '../src/runtimes/onnx-runtimes';
import {
  CLASSES,
  DEVIATION,
  FEATURES,
  MEAN,
  multiply,
  SCORES,
  SIDE,
  softmax,
  writeTinyModel,
} from './tiny-model';

/** A pixel's red, green and blue, of an image that is decoded here and not by dlcmp. */
type Pixel = (x: number, y: number) => readonly number[];

let directory: string;
let classifier: ImageClassifier;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'planted-'));
  const path = join(directory, 'tiny.onnx');
  await writeTinyModel(path);
  const running = await onnxRuntimeNode.open({ path, format: 'onnx' }, { threads: 1 });
  classifier = await ImageClassifier.describe(running, {
    normalisation: 'imagenet',
    activation: 'softmax',
    output: 'scores',
    classNames: CLASSES,
    layout: 'NCHW',
  });
});
afterAll(async () => {
  await classifier.running.close();
  await rm(directory, { recursive: true });
});

const COUNT = 3;

/** Writes images of smooth colours with some noise, and tells their pixels as stored. */
async function writeImages(width: number, height: number, orientation?: number) {
  const folder = await mkdtemp(join(directory, 'images-'));
  const files: { path: string; relativePath: string }[] = [];
  const pixels: Pixel[] = [];
  for (let image = 0; image < COUNT; image++) {
    const raw = Buffer.from(
      Array.from({ length: width * height * 3 }, (_, at) => {
        const [x, y, channel] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3];
        return (
          120 +
          60 * Math.sin(x / 5 + image + channel) +
          40 * Math.cos(y / 3 - channel) +
          ((at * 7) % 30)
        );
      }),
    );
    const picture = sharp(raw, { raw: { width, height, channels: 3 } });
    const path = join(folder, `${image}.${orientation ? 'jpg' : 'png'}`);
    if (orientation) await picture.withMetadata({ orientation }).jpeg({ quality: 95 }).toFile(path);
    else await picture.png().toFile(path);
    files.push({ path, relativePath: path });
    const stored = await sharp(path).raw().toBuffer();
    pixels.push((x, y) => [...stored.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]);
  }
  return { images: new ImageFiles(files), pixels };
}

const normalise = (byte: number, channel: number) =>
  (byte / 255 - (MEAN[channel] as number)) / (DEVIATION[channel] as number);

/** All values of an image in NCHW, by a function of place and channel. */
function planes(value: (x: number, y: number, channel: number) => number): number[] {
  return Array.from({ length: 3 * SIDE * SIDE }, (_, at) =>
    value(at % SIDE, Math.floor(at / SIDE) % SIDE, Math.floor(at / SIDE / SIDE)),
  );
}

const right = (pixel: Pixel) => planes((x, y, c) => normalise(pixel(x, y)[c] as number, c));
const answered = (values: number[]) => softmax(multiply(values, SCORES));

/** Another program's pipeline with a fault, from stored pixels to probabilities. */
interface Planted {
  readonly size?: readonly [number, number];
  readonly orientation?: number;
  readonly answer: (pixel: Pixel) => number[];
}

const PLANTED: Record<string, Planted> = {
  'channels-swapped': {
    answer: (pixel) => answered(planes((x, y, c) => normalise(pixel(x, y)[2 - c] as number, c))),
  },
  'mean-left-out': {
    answer: (pixel) => answered(planes((x, y, c) => (pixel(x, y)[c] as number) / 255)),
  },
  'normalised-twice': {
    answer: (pixel) =>
      answered(
        planes((x, y, c) => {
          const once = normalise(pixel(x, y)[c] as number, c);
          return (once - (MEAN[c] as number)) / (DEVIATION[c] as number);
        }),
      ),
  },
  'other-range': {
    answer: (pixel) => answered(planes((x, y, c) => pixel(x, y)[c] as number)),
  },
  'other-resize': {
    size: [32, 32],
    answer: (pixel) => answered(right((x, y) => pixel(2 * x + 1, 2 * y + 1))),
  },
  'other-crop': {
    size: [24, 16],
    answer: (pixel) => answered(right((x, y) => pixel(x + 4, y))),
  },
  'layout-misread': {
    answer: (pixel) => {
      const last = Array.from({ length: 3 * SIDE * SIDE }, (_, at) => {
        const [c, place] = [at % 3, Math.floor(at / 3)];
        return normalise(pixel(place % SIDE, Math.floor(place / SIDE))[c] as number, c);
      });
      return answered(last);
    },
  },
  'softmax-twice': { answer: (pixel) => softmax(answered(right(pixel))) },
  'other-activation': {
    answer: (pixel) => multiply(right(pixel), SCORES).map((score) => 1 / (1 + Math.exp(-score))),
  },
  'other-output': { answer: (pixel) => softmax(multiply(right(pixel), FEATURES)) },
  'class-names-shuffled': {
    answer: (pixel) => {
      const row = answered(right(pixel));
      return [2, 0, 1, 4, 3].map((column) => row[column] as number);
    },
  },
  'exif-ignored': { orientation: 6, answer: (pixel) => answered(right(pixel)) },
};

/** What `explainDifference` says of our answers and those of another program. */
async function explain({ size = [SIDE, SIDE], orientation, answer }: Planted) {
  const { images, pixels } = await writeImages(size[0], size[1], orientation);
  const expected = Float32Array.from(pixels.flatMap(answer));
  const model = {
    treatment: treatmentOf(classifier.model),
    outputs: classifier.outputs,
    answer: async (treatment: ReturnType<typeof treatmentOf>, count: number) =>
      classifier.answer(treatment, await images.first(count).pixelsOf(treatment), count),
  };
  return explainDifference(model, expected, 1e-4);
}

describe('explainDifference', () => {
  it.each(Object.entries(PLANTED))('finds and names %s', async (fault, planted) => {
    const explanation = await explain(planted);
    expect(explanation?.fault).toBe(fault);
    // JPEG's colours are rounded otherwise by the two decoders.
    expect(explanation?.remaining).toBeLessThanOrEqual(planted.orientation ? 0.05 : 1e-4);
  });

  it('tells a mean in the other order of colours from swapped colours', async () => {
    const turned = (byte: number, channel: number) => normalise(byte, 2 - channel);
    const answer = (pixel: Pixel) =>
      answered(planes((x, y, c) => turned(pixel(x, y)[c] as number, c)));
    expect(await explain({ answer })).toMatchObject({
      fault: 'channels-swapped',
      words: 'mean and deviation stood in the other order of colours',
    });
  });

  it.each<[string, string, Planted['answer']]>([
    [
      'other-range',
      'pixels were divided by 127.5, not 255',
      (pixel) =>
        answered(
          planes((x, y, c) => ((pixel(x, y)[c] as number) / 127.5 - MEAN[c]!) / DEVIATION[c]!),
        ),
    ],
    [
      'other-range',
      'of bytes the mean alone was taken away',
      (pixel) => answered(planes((x, y, c) => pixel(x, y)[c]! - 255 * MEAN[c]!)),
    ],
    [
      'layout-misread',
      'rows and columns were swapped (width before height)',
      (pixel) => answered(right((x, y) => pixel(y, x))),
    ],
    [
      'other-activation',
      'logarithms of probabilities were given (log-softmax)',
      (pixel) => answered(right(pixel)).map(Math.log),
    ],
    [
      'other-activation',
      'the most probable class alone was given, as 1',
      (pixel) => {
        const row = answered(right(pixel));
        return row.map((value) => (value === Math.max(...row) ? 1 : 0));
      },
    ],
  ])('tells of %s how: %s', async (fault, words, answer) => {
    expect(await explain({ answer })).toMatchObject({ fault, words });
  });

  it('does not explain answers that hardly differ by others that hardly do', async () => {
    const answer = (pixel: Pixel) => softmax(multiply(right(pixel), SCORES).map((s) => -s / 40));
    expect(await explain({ answer })).toBeUndefined();
  });

  it('says nothing where answers agree', async () => {
    expect(await explain({ answer: (pixel) => answered(right(pixel)) })).toBeUndefined();
  });

  it('names no fault where none explains the difference', async () => {
    const answer = (pixel: Pixel) => {
      const row = answered(right(pixel));
      return row.map((_, column) => (row[column] as number) * 0.5 + [0.5, 0, 0, 0, 0][column]!);
    };
    expect(await explain({ answer })).toBeUndefined();
  });

  it('names the classes that changed places', async () => {
    const { words } = (await explain(PLANTED['class-names-shuffled'] as Planted)) ?? {};
    expect(words).toContain('"ant" for cat');
  });
});

describe('findClassOrder', () => {
  it('finds the order of a thousand classes, most of them as good as 0', () => {
    const columns = 1000;
    // Neighbours are closer together than the tolerance.
    const row = softmax(Array.from({ length: columns }, (_, column) => -column / 30));
    const expected = Float32Array.from(row, (_, column) => row[(column + 999) % columns] as number);
    const order = findClassOrder(Float32Array.from(row), expected, columns, 1e-3);
    expect(order?.slice(0, 100)).toEqual([999, ...Array.from({ length: 99 }, (_, at) => at)]);
  });
});
