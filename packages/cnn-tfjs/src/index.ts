import { type FineTune, fineTuneWith } from '@dlcmp/contract';
import { cnnTfjs } from './adapter';

export { downloadWeights, type FineTuneOptions, publishedWeights } from '@dlcmp/contract';
export { type CnnTfjsOptions, cnnTfjs, createCnnTfjs } from './adapter';

/** Trains a network that begins with published weights, or with a file's, on images of one's own. */
export const fineTune: FineTune = fineTuneWith(cnnTfjs);
