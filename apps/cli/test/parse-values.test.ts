import { describe, expect, it } from '@jest/globals';
import { nameList, positiveNumber, seedList, wholeNumber } from '../src/options/parse-values';

describe('option values', () => {
  it('reads whole numbers down to the minimum', () => {
    expect(wholeNumber(1)('12')).toBe(12);
    expect(() => wholeNumber(1)('0')).toThrow('at least 1');
  });

  it.each(['', '1.5', '-3', '1e3', '0x10', 'many'])('refuses %j as a whole number', (text) => {
    expect(() => wholeNumber(0)(text)).toThrow('whole number');
  });

  it.each(['0', '-1', '', 'NaN', 'Infinity'])('refuses %j as a positive number', (text) => {
    expect(() => positiveNumber(text)).toThrow('above 0');
  });

  it('reads a count of seeds as 1 to that count, and a list as those seeds', () => {
    expect(seedList('3')).toEqual([1, 2, 3]);
    expect(seedList('7,11')).toEqual([7, 11]);
    expect(seedList('7,')).toEqual([7]);
  });

  it.each(['0', '1,1', ',', '4294967296,1', 'a,b'])('refuses %j as seeds', (text) => {
    expect(() => seedList(text)).toThrow();
  });

  it('reads names, and refuses empty and doubled ones', () => {
    expect(nameList('rf, onnx')).toEqual(['rf', 'onnx']);
    expect(() => nameList('rf,')).toThrow('separated by commas');
    expect(() => nameList('rf,rf')).toThrow('once');
  });
});
