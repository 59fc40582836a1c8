import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  assertLabelledImages,
  openPixelFile,
  type PixelSource,
  pixelSourceOf,
  pixelsInMemory,
} from '../src';

const size = { inputHeight: 1, inputWidth: 2 };
/** Five images; each byte is ten times its image's index, and its place. */
const pixels = Uint8Array.from({ length: 30 }, (_, at) => Math.floor(at / 6) * 10 + (at % 6));
const image = (index: number) => [0, 1, 2, 3, 4, 5].map((place) => index * 10 + place);

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dlcmp-'));
  path = join(folder, 'pixels.rgb');
  writeFileSync(path, Buffer.concat([Buffer.from('head'), pixels, Buffer.from('tail')]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each<[string, () => PixelSource]>([
  ['in memory', () => pixelsInMemory(pixels, 5, size)],
  ['in a file', () => openPixelFile(path, 5, size, 4)],
])('pixels %s', (_, open) => {
  it.each([[[]], [[3]], [[4, 0, 2]], [[1, 2, 3, 0]], [[0, 1, 2, 3, 4]], [[2, 2, 3]]])(
    'come in the order of %j',
    (indices) => {
      const into = new Uint8Array(indices.length * 6);
      open().read(indices, into);
      expect([...into]).toEqual(indices.flatMap(image));
    },
  );

  it('take indices in typed arrays, and leave what is behind them alone', () => {
    const into = new Uint8Array(14).fill(255);
    open().read(Uint32Array.of(3, 1), into);
    expect([...into]).toEqual([...image(3), ...image(1), 255, 255]);
  });

  it.each([5, -1, 0.5])('have no image %d', (index) => {
    expect(() => open().read([0, index], new Uint8Array(12))).toThrow(
      `There is no image ${index}: they are numbered 0 to 4.`,
    );
  });

  it('ask for room', () => {
    expect(() => open().read([0, 1], new Uint8Array(11))).toThrow(
      '2 images take 12 bytes, and there is room for 11.',
    );
  });

  it('can be trained on where they are of the right number and size', () => {
    const images = { pixels: open(), labels: new Int32Array(5), count: 5 };
    expect(() => assertLabelledImages(images, size, 1)).not.toThrow();
    const four = { ...images, labels: new Int32Array(4), count: 4 };
    expect(() => assertLabelledImages(four, size, 1)).toThrow(
      'pixels holds 5 images, but count is 4.',
    );
    expect(() => assertLabelledImages(images, { ...size, inputHeight: 2 }, 1)).toThrow(
      'pixels holds images of 6 bytes, but one RGB image of 2×2 takes 12.',
    );
  });

  it('are a source as they are', () => {
    const source = open();
    expect(pixelSourceOf({ pixels: source, labels: new Int32Array(5), count: 5 }, size)).toBe(
      source,
    );
  });
});

it('pixels of an array are a source, too', () => {
  const into = new Uint8Array(6);
  pixelSourceOf({ pixels, labels: new Int32Array(5), count: 5 }, size).read([2], into);
  expect([...into]).toEqual(image(2));
});

describe('openPixelFile', () => {
  const fault = (message: RegExp) =>
    expect.objectContaining({ code: 'INVALID_FILE', message: expect.stringMatching(message) });

  it('says where its images lie', () => {
    expect(openPixelFile(path, 5, size, 4).file).toEqual({ path, offset: 4 });
  });

  it('refuses a file that is not there, or too short', () => {
    const nowhere = join(folder, 'nowhere');
    expect(() => openPixelFile(nowhere, 5, size)).toThrow(fault(/nowhere cannot be read: ENOENT/));
    expect(() => openPixelFile(path, 7, size)).toThrow(
      fault(/it holds 38 bytes, and its images take 42\. Load the images again\./),
    );
  });

  it('reads nothing once it is closed', () => {
    const source = openPixelFile(path, 5, size, 4);
    source.close();
    source.close();
    expect(() => source.read([0], new Uint8Array(6))).toThrow(fault(/has been closed/));
  });

  it('names a file that was cut meanwhile', () => {
    const shrinking = join(folder, 'shrinking');
    writeFileSync(shrinking, pixels);
    const source = openPixelFile(shrinking, 5, size);
    truncateSync(shrinking, 20);
    source.read([0, 1, 2], new Uint8Array(18));
    expect(() => source.read([2, 3], new Uint8Array(12))).toThrow(fault(/has become shorter/));
  });
});
