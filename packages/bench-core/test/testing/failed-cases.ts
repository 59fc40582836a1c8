import type { Adapter } from '@dlcmp/contract';
import { classifierContractCases, runContractCase } from '../../src/testing';

/** Names, sorted, of the cases for `family` that `adapter` fails. */
export async function failedCases(adapter: Adapter, family: 'any' | 'cnn'): Promise<string[]> {
  const backend = adapter.family === 'cnn' ? 'float64' : 'cpu';
  const expected = { family: adapter.family, backend };
  const failed: string[] = [];
  for (const contractCase of casesFor(family)) {
    await runContractCase(contractCase, adapter, expected).catch(() => {
      failed.push(contractCase.name);
    });
  }
  return failed.sort();
}

/** The contract's cases for `family`. */
export function casesFor(family: 'any' | 'cnn') {
  return classifierContractCases.filter((contractCase) => contractCase.family === family);
}
