import { expect, test } from '@jest/globals';
import { PNG } from 'pngjs';
import { renderSampleGridPng } from '../src';
import { COLORS } from '../src/chart-style';
import { countPixels, decodePng } from './png-image';

const RED = '#ff0000';
const GREEN = '#00ff00';

test('shows every image of every class, cut to a square', async () => {
  const rows = [
    { className: 'red', images: [plainPng(RED, 40, 20), plainPng(RED, 10, 10)] },
    { className: 'green', images: [plainPng(GREEN, 20, 60)] },
  ];
  const image = decodePng(await renderSampleGridPng({ title: 'Samples', rows }));
  expect(countPixels(image, GREEN)).toBeGreaterThan(200 ** 2);
  expect(countPixels(image, RED) / countPixels(image, GREEN)).toBeCloseTo(2, 1);
});

test('shows JPEG files', async () => {
  const rows = [{ className: 'grey', images: [GREY_JPEG] }];
  const image = decodePng(await renderSampleGridPng({ title: 'Samples', rows }));
  expect(countPixels(image, '#808080')).toBeGreaterThan(200 ** 2);
});

test('names the classes, whatever their names', async () => {
  const inked = async (className: string) => {
    const rows = [{ className, images: [plainPng(RED, 8, 8)] }];
    return countPixels(decodePng(await renderSampleGridPng({ title: 'T', rows })), COLORS.text);
  };
  expect(await inked('<b>&amp;\u0001 "sea"')).toBeGreaterThan((await inked('i')) + 200);
});

test('refuses a file that is no PNG or JPEG', async () => {
  const rows = [{ className: 'a', images: [Buffer.from('GIF89a')] }];
  await expect(renderSampleGridPng({ title: 'T', rows })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
});

function plainPng(color: string, width: number, height: number): Buffer {
  const png = new PNG({ width, height });
  const rgba = Buffer.from(`${color.slice(1)}ff`, 'hex');
  for (let i = 0; i < png.data.length; i += 4) rgba.copy(png.data, i);
  return PNG.sync.write(png);
}

/** 8×8 pixels of #808080, without metadata. */
const GREY_JPEG = Buffer.from(
  '/9j/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC0oMCUoKSj/' +
    '2wBDAQcHBwoIChMKChMoGhYaKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCj/wAARC' +
    'AAIAAgDASIAAhEBAxEB/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAUAQEAAAAAAAAAAA' +
    'AAAAAAAAAA/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8AAA//2Q==',
  'base64',
);
