import type { Adapter } from '@dlcmp/contract';
import { assertArgument } from '@dlcmp/contract';
import { classifierContractCases } from './classifier-contract-cases';
import type { ContractExpectations } from './contract-case';
import { runContractCase } from './run-contract-case';

/** The two functions of a test runner that the suite needs: jest, vitest and `node:test` fit. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  it(name: string, run: () => Promise<void>): unknown;
}

/**
 * Defines one test for each behaviour of the contract, in one line an adapter:
 *
 *     describeClassifierContract('cnn-onnx', createCnnOnnx, { family: 'cnn', backend: 'cpu' });
 *
 * @param adapter the adapter, or a function that makes one, called for each test
 * @param expected what the adapter is; what is declared and then missing fails, it is never skipped
 * @param runner default: the global `describe` and `it` at the time of the call
 * @throws `INVALID_ARGUMENT` where there is no test runner
 */
export function describeClassifierContract(
  name: string,
  adapter: Adapter | (() => Adapter),
  expected: ContractExpectations,
  runner: TestRunner = globalRunner(),
): void {
  runner.describe(`${name} keeps the classifier contract`, () => {
    for (const contractCase of classifierContractCases) {
      if (contractCase.family === 'any' || contractCase.family === expected.family) {
        runner.it(contractCase.name, () =>
          runContractCase(
            contractCase,
            typeof adapter === 'function' ? adapter() : adapter,
            expected,
          ),
        );
      }
    }
  });
}

function globalRunner(): TestRunner {
  const { describe, it } = globalThis as Partial<TestRunner>;
  assertArgument(
    describe !== undefined && it !== undefined,
    'There is no global describe and it. Pass your test runner: { describe, it }.',
  );
  return { describe, it };
}
