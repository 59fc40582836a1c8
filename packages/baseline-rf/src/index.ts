export { type BaselineRfOptions, baselineRf, createBaselineRf } from './baseline-rf';
export type { MaxFeatures } from './max-features';
export type { MlRandomForestOptions } from './ml-random-forest/options';
