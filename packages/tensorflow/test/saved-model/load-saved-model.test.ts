import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSavedModel } from '../../src/index';
import { hasTensorFlow } from '../native-tensorflow';
import { relativeError } from '../relative-error';
import { type InputType, type RestoredScale, writeSavedModel } from './write-saved-model';

const [HEIGHT, WIDTH, COUNT] = [2, 3, 35];
const PIXELS = Uint8Array.from({ length: COUNT * HEIGHT * WIDTH * 3 }, (_, i) => (i * 37) % 256);

/** The mean of each channel of each image, of `convert`ed pixels. */
function channelMeans(convert: (value: number, channel: number) => number): number[] {
  const means = new Array<number>(COUNT * 3).fill(0);
  PIXELS.forEach((value, index) => {
    const image = Math.floor(index / (HEIGHT * WIDTH * 3));
    const position = image * 3 + (index % 3);
    means[position] = (means[position] as number) + convert(value, index % 3) / (HEIGHT * WIDTH);
  });
  return means;
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dlcmp-saved-model-'));
});
afterEach(() => rm(directory, { recursive: true }));

const write = (input: InputType, scale?: RestoredScale) =>
  writeSavedModel(directory, { height: HEIGHT, width: WIDTH, input, ...(scale && { scale }) });

describe('what is no SavedModel', () => {
  it('is refused by name', async () => {
    await expect(loadSavedModel(directory)).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('no saved_model.pb'),
    });
    await writeFile(join(directory, 'saved_model.pb'), 'not a message');
    await expect(loadSavedModel(directory)).rejects.toMatchObject({ code: 'INVALID_FILE' });
  });

  it('is a SavedModel with another signature', async () => {
    await write('float');
    await expect(loadSavedModel(directory, { signature: 'other' })).rejects.toMatchObject({
      code: 'INVALID_FILE',
      message: expect.stringContaining('serving_default'),
    });
  });
});

if (hasTensorFlow) {
  describe('a SavedModel', () => {
    it.each(['float', 'uint8'] as const)('with %s pixels is computed', async (input) => {
      await write(input);
      const model = await loadSavedModel(directory, { threads: 1 });
      expect(model).toMatchObject({
        inputHeight: HEIGHT,
        inputWidth: WIDTH,
        classNames: ['class 0', 'class 1', 'class 2'],
      });
      const expected = channelMeans((value) => value);
      expect(relativeError(await model.predict(PIXELS, COUNT), expected)).toBeLessThan(1e-6);
      await model.dispose();
      await model.dispose();
      await expect(model.predict(PIXELS, COUNT)).rejects.toMatchObject({ code: 'DISPOSED' });
    });

    it('gets its pixels as it expects them', async () => {
      await write('float');
      const [mean, deviation] = [
        [0.485, 0.456, 0.406],
        [0.229, 0.224, 0.225],
      ] as const;
      const expected = {
        '0-1': channelMeans((value) => value / 255),
        normalised: channelMeans((value, channel) => {
          return (value / 255 - (mean[channel] as number)) / (deviation[channel] as number);
        }),
      };
      for (const pixelRange of ['0-1', 'normalised'] as const) {
        const model = await loadSavedModel(directory, { pixelRange });
        const actual = await model.predict(PIXELS, COUNT);
        expect(relativeError(actual, expected[pixelRange])).toBeLessThan(1e-5);
        await model.dispose();
      }
    });

    it('turns scores into probabilities where it is told to', async () => {
      await write('float');
      const model = await loadSavedModel(directory, { pixelRange: '0-1', logits: true });
      const rows = await model.predict(PIXELS, COUNT);
      const [red, green, blue] = channelMeans((value) => value / 255);
      const powers = [red, green, blue].map((value) => Math.exp(value as number));
      const sum = powers.reduce((total, power) => total + power, 0);
      expect(
        relativeError(
          rows.slice(0, 3),
          powers.map((power) => power / sum),
        ),
      ).toBeLessThan(1e-6);
      await model.dispose();
    });

    it.each([
      ['gets the value that its copy was restored to', { copy: [1, 2, 3] }],
      ['keeps its own value, whatever its copy has', { original: [1, 2, 3], copy: [4, 5, 6] }],
    ])('a variable %s', async (_, scale) => {
      await write('float', scale);
      const model = await loadSavedModel(directory, { threads: 1 });
      const expected = channelMeans((value, channel) => value * (channel + 1));
      expect(relativeError(await model.predict(PIXELS, COUNT), expected)).toBeLessThan(1e-6);
      await model.dispose();
    });

    it('a variable without a value is named when it is asked for', async () => {
      await write('float', {});
      const model = await loadSavedModel(directory, { threads: 1 });
      await expect(model.predict(PIXELS, COUNT)).rejects.toThrow('original');
      await model.dispose();
    });

    it('refuses names and sizes that are not its own', async () => {
      await write('float');
      await expect(loadSavedModel(directory, { classNames: ['a'] })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('3 classes'),
      });
      const size = { inputHeight: 150, inputWidth: 150 };
      await expect(loadSavedModel(directory, { size })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('2×3'),
      });
    });
  });
}
