import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { brokenForestAdapters, brokenForestFits } from './broken-forest-adapters';
import {
  brokenForestAnswers,
  brokenForestFiles,
  brokenForestProgress,
} from './broken-forest-answers';
import { casesFor, failedCases } from './failed-cases';

const brokenAdapters = [
  ...brokenForestAdapters,
  ...brokenForestFits,
  ...brokenForestAnswers,
  ...brokenForestProgress,
  ...brokenForestFiles,
];

describe('the contract fails an adapter that', () => {
  beforeAll(() => {
    jest.spyOn(console, 'info').mockReturnValue();
  });
  afterAll(() => {
    jest.restoreAllMocks();
  });

  it.each(brokenAdapters)('$name', async ({ adapter, fails }) => {
    expect(await failedCases(adapter, 'any')).toEqual([...fails].sort());
  });
});

it('every case for adapters of any family is failed by one of the broken adapters', () => {
  const failing = new Set(brokenAdapters.flatMap(({ fails }) => fails));
  expect([...failing].sort()).toEqual(
    casesFor('any')
      .map(({ name }) => name)
      .sort(),
  );
});
