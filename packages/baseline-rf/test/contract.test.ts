import { describeClassifierContract } from '@dlcmp/bench-core/testing';
import { describe, it } from '@jest/globals';
import { createBaselineRf } from '../src';

const runner = { describe, it };
const expected = { family: 'forest', backend: 'exact', threads: 2 } as const;

describeClassifierContract(
  'baseline-rf, exact',
  createBaselineRf({ nEstimators: 20 }),
  expected,
  runner,
);
describeClassifierContract(
  'baseline-rf, ml-random-forest',
  createBaselineRf({ engine: 'ml-random-forest', nEstimators: 20 }),
  { ...expected, backend: 'ml-random-forest' },
  runner,
);
