import { describe, expect, it } from '@jest/globals';
import { createPreparation, fromFloat16, type ImageInput, toFloat16 } from '../../src/index';

const COLOUR: ImageInput = {
  inputHeight: 2,
  inputWidth: 3,
  layout: 'NHWC',
  channels: 'RGB',
  elementType: 'float32',
  normalisation: { scale: 255, mean: [0.5, 0.25, 0], standardDeviation: [0.5, 2, 1] },
};
const PIXELS = Uint8Array.from({ length: 2 * 2 * 3 * 3 }, (_, at) => (at * 37) % 256);
/** Value of `channel` (red, green, blue) of a pixel, worked out here. */
const value = (image: number, y: number, x: number, channel: number) => {
  const byte = PIXELS[((image * 2 + y) * 3 + x) * 3 + channel] as number;
  const mean = [0.5, 0.25, 0][channel] as number;
  return (byte / 255 - mean) / ([0.5, 2, 1][channel] as number);
};

describe('createPreparation', () => {
  it.each([
    ['NHWC', 'RGB', (c: number, y: number, x: number) => (y * 3 + x) * 3 + c],
    ['NCHW', 'RGB', (c: number, y: number, x: number) => (c * 2 + y) * 3 + x],
    ['NHWC', 'BGR', (c: number, y: number, x: number) => (y * 3 + x) * 3 + (2 - c)],
    ['NCHW', 'BGR', (c: number, y: number, x: number) => ((2 - c) * 2 + y) * 3 + x],
  ] as const)('puts every value at its place: %s %s', (layout, channels, place) => {
    const tensor = createPreparation({ ...COLOUR, layout, channels })(PIXELS, 2);
    for (const image of [0, 1]) {
      for (const c of [0, 1, 2]) {
        for (const y of [0, 1]) {
          for (const x of [0, 1, 2]) {
            const actual = tensor[image * 18 + place(c, y, x)] as number;
            expect(actual).toBe(Math.fround(value(image, y, x, c)));
          }
        }
      }
    }
  });

  it('weighs colours for a grey model as Pillow does', () => {
    const grey = { scale: 1, mean: [0], standardDeviation: [1] };
    const prepare = createPreparation({
      ...COLOUR,
      channels: 'grey',
      normalisation: grey,
      inputHeight: 1,
    });
    // Image.fromarray(…).convert('L') of these three pixels.
    expect([...prepare(Uint8Array.of(200, 10, 30, 0, 255, 0, 255, 255, 254), 1)]).toEqual([
      69, 150, 255,
    ]);
  });

  it('takes bytes from memory that threads share, and answers memory that they do not', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(18)).fill(9);
    const plain = { scale: 1, mean: [0, 0, 0], standardDeviation: [1, 1, 1] };
    const tensor = createPreparation({ ...COLOUR, elementType: 'uint8', normalisation: plain })(
      shared,
      1,
    );
    expect(tensor).toEqual(new Uint8Array(18).fill(9));
    expect(tensor.buffer).not.toBeInstanceOf(SharedArrayBuffer);
  });
});

describe('float16', () => {
  it.each([
    [0, 0x0000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 0x0001],
    [2 ** -14 - 2 ** -24, 0x03ff],
    [1 / 3, 0x3555],
    [2049, 0x6800],
    [2051, 0x6802],
    [2047.5, 0x6800],
  ])('%d has the bits that IEEE 754 gives it', (number, bits) => {
    expect(toFloat16(number)).toBe(bits);
  });

  it('reads all that it writes', () => {
    for (let bits = 0; bits < 0x7c00; bits += 7) expect(toFloat16(fromFloat16(bits))).toBe(bits);
    expect(fromFloat16(0xfc00)).toBe(-Infinity);
    expect(fromFloat16(0x7e00)).toBeNaN();
  });
});
