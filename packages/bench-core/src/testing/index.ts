export { createReferenceCnn } from '../reference-network/reference-cnn';
export { classifierContractCases } from './classifier-contract-cases';
export type {
  AnyFamilyCase,
  ClassifierContractCase,
  CnnCase,
  ContractContext,
  ContractExpectations,
} from './contract-case';
export { describeClassifierContract, type TestRunner } from './describe-classifier-contract';
export { checkPeer, type PeerCheck, type PeerCheckOptions } from './peer/check-peer';
export { createReferenceForest } from './reference-forest/reference-forest';
export { runContractCase } from './run-contract-case';
export { createSeparableImages, type SeparableImagesOptions } from './separable-images';
