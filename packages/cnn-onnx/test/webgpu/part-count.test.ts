import { expect, it } from '@jest/globals';
import { partCount } from '../../src/webgpu/sizes';

it.each([
  ['parts of a multiple of four', 720_000, 200, 200],
  ['the next number that divides', 175_232, 200, 296],
  ['no parts of a few terms', 1008, 200, 18],
  ['any parts where four does not divide', 39_375, 200, 225],
  ['one part where there is little', 28, 200, 1],
])('%s', (_, length, fewest, expected) => {
  expect(partCount(length, fewest)).toBe(expected);
  expect(length % expected).toBe(0);
});
