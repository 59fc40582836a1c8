export { adam } from './adam';
export { readFeatures, writeFeatures } from './features';
export { gatherFilterGradients, transformFilters } from './filters';
export {
  addPixelFilterGradients,
  normalizePixels,
  poolProducts,
  writeNeighbourhoods,
} from './pixel-block';
export { multiplySparse, transposeWeights } from './sparse-product';
export {
  gatherInputGradients,
  poolOutputs,
  transformInputs,
  transformOutputGradients,
} from './winograd-block';
