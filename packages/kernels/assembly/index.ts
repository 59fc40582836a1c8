export { convolve, filterGradient, rotateKernel } from './convolution/convolution';
export {
  addPixelFilterGradients,
  im2col,
  normalizePixels,
  poolProducts,
} from './convolution/pixel-block';
export { writeDenseGradients } from './dense/dense-gradients';
export { addParts, multiplySparse } from './dense/sparse-product';
export { restoreWeights, transposeWeights } from './dense/transpose-weights';
export { adam } from './optimizers/adam';
export { sgd } from './optimizers/sgd';
export { maxPool, maxPoolGradient } from './pooling/max-pool';
export { multiply, packPanels } from './product/product';
export { addTo, clear } from './sums';
export {
  gatherFilterGradients,
  gatherHwioFilterGradients,
  transformFilters,
} from './winograd/filters';
export { gatherInputGradients, transformInputs } from './winograd/inputs';
export { transformOutputGradients, writeOutputs } from './winograd/outputs';
export { poolOutputs, transformPooledGradients } from './winograd/pooled-outputs';
