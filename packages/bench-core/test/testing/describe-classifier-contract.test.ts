import { describe, expect, it } from '@jest/globals';
import {
  classifierContractCases,
  createReferenceCnn,
  createReferenceForest,
  describeClassifierContract,
} from '../../src/testing';

/** A test runner that only notes what it is told. */
function createNotingRunner() {
  const suites: string[] = [];
  const tests: { name: string; run: () => Promise<void> }[] = [];
  const runner = {
    describe(name: string, define: () => void) {
      suites.push(name);
      define();
    },
    it: (name: string, run: () => Promise<void>) => tests.push({ name, run }),
  };
  return { suites, tests, runner };
}

const forest = { family: 'forest', backend: 'cpu' } as const;
const cnn = { family: 'cnn', backend: 'float64' } as const;

describe('describeClassifierContract', () => {
  it('defines a test for each case of the family, in one suite', () => {
    const { suites, tests, runner } = createNotingRunner();
    describeClassifierContract('my-forest', createReferenceForest, forest, runner);
    const names = classifierContractCases.filter(({ family }) => family === 'any');
    expect(suites).toEqual(['my-forest keeps the classifier contract']);
    expect(tests.map(({ name }) => name)).toEqual(names.map(({ name }) => name));
  });

  it('holds CNNs against every case', () => {
    const { tests, runner } = createNotingRunner();
    describeClassifierContract('my-cnn', createReferenceCnn(), cnn, runner);
    expect(tests).toHaveLength(classifierContractCases.length);
  });

  it('fails where the declared backend is missing', async () => {
    const { tests, runner } = createNotingRunner();
    const expected = { family: 'forest', backend: 'cuda' } as const;
    describeClassifierContract('my-forest', createReferenceForest, expected, runner);
    const [description, ...others] = tests;
    await description?.run();
    for (const { run } of others) await expect(run()).rejects.toThrow(/cuda/);
  });

  it('fails an adapter of another family than declared', async () => {
    const { tests, runner } = createNotingRunner();
    describeClassifierContract('my-cnn', createReferenceForest, cnn, runner);
    const names = ['describes itself', 'getWeights gives copies'];
    for (const { run } of tests.filter(({ name }) => names.includes(name))) {
      await expect(run()).rejects.toThrow(/family/);
    }
  });

  it('asks for a test runner where there is none', () => {
    const { describe: kept } = globalThis as { describe?: unknown };
    Object.assign(globalThis, { describe: undefined });
    try {
      expect(() => describeClassifierContract('my-cnn', createReferenceCnn, cnn)).toThrow(
        'There is no global describe and it. Pass your test runner: { describe, it }.',
      );
    } finally {
      Object.assign(globalThis, { describe: kept });
    }
  });
});

describe('classifierContractCases', () => {
  it('have names of their own and say what they prove', () => {
    const names = classifierContractCases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { proves } of classifierContractCases) expect(proves).toMatch(/^[A-Z].+\.$/);
  });
});
