export { adam } from './adam';
export { addFilterGradient, convolve, rotateKernel } from './convolution';
export { maxPool, maxPoolGradient } from './max-pool';
export { multiply, packPanels } from './product';
