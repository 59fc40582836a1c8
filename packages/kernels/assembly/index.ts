export { adam } from './adam';
export { stepDense, writeDenseGradients } from './dense-gradients';
export { gatherFilterGradients, transformFilters } from './filters';
export {
  addPixelFilterGradients,
  normalizePixels,
  poolProducts,
  writeNeighbourhoods,
} from './pixel-block';
export { addParts, multiplySparse } from './sparse-product';
export { addTo, clear } from './sums';
export { restoreWeights, transposeWeights } from './transpose-weights';
export {
  gatherInputGradients,
  poolOutputs,
  transformInputs,
  transformOutputGradients,
} from './winograd-block';
