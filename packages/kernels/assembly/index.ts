export { adam } from './adam';
export { convolve, filterGradient, rotateKernel } from './convolution/convolution';
export {
  addPixelFilterGradients,
  normalizePixels,
  poolProducts,
  writeNeighbourhoods,
} from './convolution/pixel-block';
export { stepDense, writeDenseGradients } from './dense/dense-gradients';
export { addParts, multiplySparse } from './dense/sparse-product';
export { restoreWeights, transposeWeights } from './dense/transpose-weights';
export { maxPool, maxPoolGradient } from './pooling/max-pool';
export { multiply, packPanels } from './product/product';
export { addTo, clear } from './sums';
export { gatherFilterGradients, transformFilters } from './winograd/filters';
export {
  gatherInputGradients,
  poolOutputs,
  transformInputs,
  transformOutputGradients,
} from './winograd/pooled-block';
export {
  finishImages,
  gatherHwioFilterGradients,
  poolImages,
  transformGradients,
  transformImages,
} from './winograd/strips';
