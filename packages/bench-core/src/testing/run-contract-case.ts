import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Adapter, Classifier, CreateOptions, ModelSpec } from '@dlcmp/contract';
import type {
  ClassifierContractCase,
  ContractContext,
  ContractExpectations,
} from './contract-case';
import { CONTRACT_SPEC } from './contract-data';

/** The part of an adapter that makes classifiers. */
interface ClassifierSource<Made extends Classifier> {
  create(spec: ModelSpec, options: CreateOptions): Promise<Made>;
  load(directory: string, options: CreateOptions): Promise<Made>;
}

type CleanUp = () => Promise<void>;

/**
 * Holds `adapter` against one case, then disposes and deletes whatever the case made.
 *
 * @throws an `AssertionError` that says how the contract is broken
 */
export async function runContractCase(
  contractCase: ClassifierContractCase,
  adapter: Adapter,
  expected: ContractExpectations,
): Promise<void> {
  const cleanUps: CleanUp[] = [];
  try {
    if (contractCase.family === 'any') {
      await contractCase.run(createContext(adapter, adapter, expected, cleanUps));
    } else {
      assert(adapter.family === 'cnn', `${adapter.id} must be of the family cnn.`);
      await contractCase.run(createContext(adapter, adapter, expected, cleanUps));
    }
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

function createContext<Made extends Classifier>(
  adapter: Adapter,
  source: ClassifierSource<Made>,
  expected: ContractExpectations,
  cleanUps: CleanUp[],
): ContractContext<Made> {
  const { backend, threads } = expected;
  const options = { backend, ...(threads !== undefined && { threads }) };
  const disposeLater = (classifier: Made) => {
    cleanUps.push(() => classifier.dispose());
    return classifier;
  };
  return {
    adapter,
    expected: {
      ...{ probabilityTolerance: 1e-5, tensorTolerance: 1e-3, defersLosses: false },
      ...expected,
    },
    create: async (changes) =>
      disposeLater(await source.create({ ...CONTRACT_SPEC, ...changes }, options)),
    load: async (directory) => disposeLater(await source.load(directory, options)),
    async temporaryDirectory() {
      const directory = await mkdtemp(join(tmpdir(), 'dlcmp-contract-'));
      cleanUps.push(() => rm(directory, { recursive: true, force: true }));
      return directory;
    },
  };
}
