/**
 * A decision tree as arrays. Node 0 is the root; the two children of a node are neighbours and come
 * after it.
 */
export interface Tree {
  /** [nodes] The left child; the right one is next to it. 0: the node is a leaf. */
  readonly lefts: Uint32Array;
  /** [nodes] The feature that the node splits on, or a leaf's row in `distributions`. */
  readonly features: Uint32Array;
  /** [nodes] A sample goes left where its feature is at most this. */
  readonly thresholds: Uint8Array;
  /** [nodes] By how much the split lowers the Gini impurity, times the node's weight; 0: a leaf. */
  readonly decreases: Float64Array;
  /** [leaves × classes] Class probabilities in each leaf. */
  readonly distributions: Float32Array;
}

/** Where the class probabilities start, in `distributions`, of the leaf that a sample falls into. */
export function findLeaf(
  tree: Tree,
  values: Uint8Array,
  sampleStart: number,
  classCount: number,
): number {
  const { lefts, features, thresholds } = tree;
  let node = 0;
  let left = lefts[0] as number;
  while (left !== 0) {
    const value = values[sampleStart + (features[node] as number)] as number;
    node = value <= (thresholds[node] as number) ? left : left + 1;
    left = lefts[node] as number;
  }
  return (features[node] as number) * classCount;
}
