import { expect, it } from '@jest/globals';
import { imageSize, resizeRule } from '../src/options/model-options';
import { cellsOf } from '../src/prepare/read-table';
import { MULTI_LABEL_FORMATS, toLabelledImages } from '../src/results/multi-label-formats';

const NAMES = ['beach', 'people', 'boat'];
const images = toLabelledImages(
  ['a.jpg', 'b.jpg'],
  [Float32Array.of(0.5, 0.75, 0.25), Float32Array.of(0, 0.25, 0.125)],
  NAMES,
);

it('gives the labels that are at least as probable as not, most probable first', () => {
  expect(MULTI_LABEL_FORMATS.table(images, NAMES)).toBe(
    'image  labels of 50 % and more\na.jpg  people 75.0 %, beach 50.0 %\nb.jpg  –\n',
  );
  expect(MULTI_LABEL_FORMATS.csv(images, NAMES)).toBe(
    'image,labels,beach,people,boat\na.jpg,people; beach,0.5,0.75,0.25\nb.jpg,,0,0.25,0.125\n',
  );
  expect(JSON.parse(MULTI_LABEL_FORMATS.json(images, NAMES))[0]).toEqual({
    path: 'a.jpg',
    labels: ['people', 'beach'],
    probabilities: { beach: 0.5, people: 0.75, boat: 0.25 },
  });
});

it.each([
  ['bicubic', { filter: 'bicubic', fit: 'stretch' }],
  ['bilinear-sharp:crop', { filter: 'bilinear-sharp', fit: 'crop' }],
  ['bilinear:stretch-crop=256', { filter: 'bilinear', fit: 'stretch-crop', shorterSide: 256 }],
  ['bilinear:crop=256', { filter: 'bilinear', fit: 'crop', shorterSide: 256 }],
])('reads the rule %s', (text, rule) => expect(resizeRule(text)).toEqual(rule));

it('reads the side of a square, and width before height', () => {
  expect(imageSize('224')).toEqual({ inputHeight: 224, inputWidth: 224 });
  expect(imageSize('192x48')).toEqual({ inputHeight: 48, inputWidth: 192 });
  expect(() => imageSize('0x48')).toThrow('WIDTHxHEIGHT');
});

it.each([
  ['a,b', ['a', 'b']],
  ['"x, ""y""",1,', ['x, "y"', '1', '']],
  ['one', ['one']],
])('cuts the line %s into cells', (line, cells) => expect(cellsOf(line)).toEqual(cells));
