export { configure, growTree } from './grow-tree';
export { transpose } from './transpose';
export {
  classWeights,
  layOut,
  locateImages,
  nodeDecreases,
  nodeEnds,
  nodeFeatures,
  nodeLefts,
  nodeStarts,
  nodeThresholds,
  sampleClasses,
  sampleCounts,
  sampleRows,
} from './workspace';
