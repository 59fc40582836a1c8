export { adam } from './adam';
export { convolve, filterGradient, rotateKernel } from './convolution';
export { maxPool, maxPoolGradient } from './max-pool';
export { multiply, packPanels } from './product';
export {
  addValues,
  finishImages,
  gatherFilterGradients,
  poolImages,
  transformGradients,
  transformImages,
} from './tiles';
