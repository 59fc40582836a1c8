import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PLANTED_FAULTS } from '../../../../tooling/planted-faults.mjs';

// `node tooling/plant-faults.mjs` plants them and takes minutes. That they still can be planted is seen here.
describe('faults of measurement', () => {
  it.each(PLANTED_FAULTS)('can be planted: $name', ({ file, find, replace }) => {
    const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
    expect(source.split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
  });
});
