import { describe, expect, it } from '@jest/globals';
import { brokenCnnAdapters } from './broken-cnn-adapters';
import { casesFor, failedCases } from './failed-cases';

describe('the contract fails a CNN adapter that', () => {
  it.each(brokenCnnAdapters)('$name', async ({ adapter, fails }) => {
    expect(await failedCases(adapter, 'cnn')).toEqual([...fails].sort());
  });
});

it('every case for CNNs is failed by one of the broken adapters', () => {
  const failing = new Set(brokenCnnAdapters.flatMap(({ fails }) => fails));
  expect([...failing].sort()).toEqual(
    casesFor('cnn')
      .map(({ name }) => name)
      .sort(),
  );
});
