import type { Tree } from './tree';

/** Trees over the same features and classes. */
export interface Forest {
  readonly featureCount: number;
  readonly classCount: number;
  readonly trees: readonly Tree[];
}
