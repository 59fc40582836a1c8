import { expect, test } from '@jest/globals';
import { wrapWords } from '../src/wrap-words';

test('breaks between words, no line longer than the width', () => {
  expect(wrapWords('ONNX Runtime (CNN)', 12)).toEqual(['ONNX Runtime', '(CNN)']);
});

test('cuts a word that no line can hold', () => {
  expect(wrapWords('a supercalifragilistic b', 10)).toEqual(['a', 'supercalif', 'ragilistic', 'b']);
});

test('cuts a long word after its last mark that fits', () => {
  expect(wrapWords('tensorflow:gpu', 12)).toEqual(['tensorflow:', 'gpu']);
  expect(wrapWords('a/b/c-long-name', 6)).toEqual(['a/b/c-', 'long-', 'name']);
});

test('cuts no character in half', () => {
  expect(wrapWords('🌊🌊🌊', 2)).toEqual(['🌊🌊', '🌊']);
});

test('keeps line breaks and empty text', () => {
  expect(wrapWords('1.00\n± 0.10', 12)).toEqual(['1.00', '± 0.10']);
  expect(wrapWords('', 5)).toEqual(['']);
});
