import type { Network } from '@dlcmp/contract';
import type { ImageOrders } from '../network/image-order';
import type { PlannedOperation } from '../network/operation-plan';
import type { KeptTensors } from './kept-tensors';
import type { TensorOptimizer } from './tensor-optimizer';

/** What a model is made of, for whoever computes with it. */
export interface ModelParts {
  readonly network: Network;
  readonly plan: readonly PlannedOperation[];
  readonly orders: ImageOrders;
  /** Weights and state. */
  readonly weights: KeptTensors;
  readonly optimizer: TensorOptimizer;
}
