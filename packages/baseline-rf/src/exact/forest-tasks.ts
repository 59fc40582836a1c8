import type { SharedTrainingSet } from './shared-training-set';
import type { GrowthPlan } from './tree-grower';

/** What a worker starts with. */
export interface ForestWorkerData {
  readonly trainingSet: SharedTrainingSet;
  readonly plan: GrowthPlan;
  /** The worker's number, from 0. */
  readonly worker: number;
}

/** What a worker is asked; it answers a `grow` with the tree and a `transpose` with nothing. */
export type ForestTask =
  | { readonly kind: 'transpose'; readonly start: number; readonly end: number }
  | { readonly kind: 'grow'; readonly tree: number };
