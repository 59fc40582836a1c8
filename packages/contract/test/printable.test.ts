import { expect, test } from '@jest/globals';
import { counted, printable, printableName } from '../src';

test.each([
  ['red\u001b[31m', 'red\\u001b[31m'],
  ['two\nlines', 'two\\nlines'],
  ['a\tb\rc', 'a\\tb\\rc'],
  ['\u009b2J', '\\u009b2J'],
  ['\u202egpj.exe', '\\u202egpj.exe'],
  ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['half \ud800', 'half \\ud800'],
  ['__proto__', '__proto__'],
  ['Gebäude 建物 🌲', 'Gebäude 建物 🌲'],
  ['C:\\images', 'C:\\images'],
])('shows the name %j as %s', (name, shown) => {
  expect(printableName(name)).toBe(shown);
});

test.each([
  ['abcdefghij', 10, 'abcdefghij'],
  ['abcdefghijk', 10, 'abcde…hijk'],
  ['🌲🌲🌲🌲🌲🌲', 4, '🌲🌲…🌲'],
  ['\n\n\n\n', 5, '\\n…\\n'],
  ['ab', 1, '…'],
])('cuts %j at %i characters in its middle', (name, longest, shown) => {
  expect(printableName(name, longest)).toBe(shown);
});

test('leaves the lines of a text and takes what a terminal would obey', () => {
  expect(printable('one\ntwo \u001b]8;;http://x\u0007')).toBe('one\ntwo \uFFFD]8;;http://x\uFFFD');
});

test.each([
  [1, 'seed', '1 seed'],
  [0, 'seed', '0 seeds'],
  [1200, 'image', '1,200 images'],
] as const)('counts %i of a %s', (count, noun, words) => {
  expect(counted(count, noun)).toBe(words);
});

test('counts by a plural of its own', () => {
  expect(counted(2, 'class', 'classes')).toBe('2 classes');
  expect(counted(1, 'class', 'classes')).toBe('1 class');
});
