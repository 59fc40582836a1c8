import type { Adapter, Classifier, CnnClassifier, ModelSpec } from '@dlcmp/contract';

/** What an adapter declares of itself; what is declared and then missing fails. */
export interface ContractExpectations {
  readonly family: Adapter['family'];
  /** The backend under test. It must be available on the machine that runs the tests. */
  readonly backend: string;
  /** Passed on to `create` and `load`. Default: the framework's own choice. */
  readonly threads?: number;
  /** Largest difference between two probabilities that should be the same. Default 1e-5. */
  readonly probabilityTolerance?: number;
  /**
   * CNNs: largest norm of a tensor's difference from the reference, relative to the reference's
   * norm. Default 1e-3.
   */
  readonly tensorTolerance?: number;
  /** CNNs: whether losses are computed elsewhere and come late, so that progress may go without. Default: false. */
  readonly defersLosses?: boolean;
}

/** What a case works with. Whatever it creates, loads or writes is cleared away after it. */
export interface ContractContext<Made extends Classifier = Classifier> {
  readonly adapter: Adapter;
  readonly expected: Required<Omit<ContractExpectations, 'threads'>>;
  /** A fresh classifier of `CONTRACT_SPEC` with `changes`, on the backend under test. */
  create(changes?: Partial<ModelSpec>): Promise<Made>;
  load(directory: string): Promise<Made>;
  temporaryDirectory(): Promise<string>;
}

interface CaseDescription {
  /** The behaviour, as a test's name. */
  readonly name: string;
  /** Why it matters: what goes wrong for users of an adapter without it. */
  readonly proves: string;
}

/** A case for classifiers of every family. */
export interface AnyFamilyCase extends CaseDescription {
  readonly family: 'any';
  /** Throws where the adapter breaks the contract. */
  run(context: ContractContext): Promise<void>;
}

/** A case for CNNs only. */
export interface CnnCase extends CaseDescription {
  readonly family: 'cnn';
  /** Throws where the adapter breaks the contract. */
  run(context: ContractContext<CnnClassifier>): Promise<void>;
}

/** One behaviour that every adapter, or every CNN adapter, must have. */
export type ClassifierContractCase = AnyFamilyCase | CnnCase;
