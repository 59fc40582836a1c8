import { describe, expect, it } from '@jest/globals';
import { brokenCnnFits } from './broken-cnn-fits';
import { brokenCnnSteps } from './broken-cnn-steps';
import { brokenCnnWeights } from './broken-cnn-weights';
import { casesFor, failedCases } from './failed-cases';

const brokenAdapters = [...brokenCnnWeights, ...brokenCnnSteps, ...brokenCnnFits];

describe('the contract fails a CNN adapter that', () => {
  it.each(brokenAdapters)('$name', async ({ adapter, fails }) => {
    expect(await failedCases(adapter, 'cnn')).toEqual([...fails].sort());
  });
});

it('every case for CNNs is failed by one of the broken adapters', () => {
  const failing = new Set(brokenAdapters.flatMap(({ fails }) => fails));
  expect([...failing].sort()).toEqual(
    casesFor('cnn')
      .map(({ name }) => name)
      .sort(),
  );
});
