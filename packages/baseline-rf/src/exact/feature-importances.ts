import type { Forest } from './forest';
import type { Tree } from './tree';

/**
 * How much each feature lowers the Gini impurity, over all splits that use it: [features], summing
 * to 1, or all 0 where no tree has a split. Every tree counts the same ("mean decrease in
 * impurity", Breiman et al. 1984, section 5.3.4). Favours features of many values.
 */
export function computeFeatureImportances({ featureCount, trees }: Forest): Float64Array {
  const importances = new Float64Array(featureCount);
  for (const tree of trees) addTree(tree, importances);
  return normalize(importances);
}

function addTree({ lefts, features, decreases }: Tree, importances: Float64Array): void {
  const total = decreases.reduce((sum, decrease) => sum + decrease, 0);
  if (total === 0) return;
  decreases.forEach((decrease, node) => {
    if (lefts[node] === 0) return;
    const feature = features[node] as number;
    importances[feature] = (importances[feature] as number) + decrease / total;
  });
}

function normalize(importances: Float64Array): Float64Array {
  const total = importances.reduce((sum, importance) => sum + importance, 0);
  return total === 0 ? importances : importances.map((importance) => importance / total);
}
