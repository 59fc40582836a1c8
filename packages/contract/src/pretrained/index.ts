export {
  type DownloadWeightsOptions,
  downloadWeights,
  hasWeights,
  weightsPath,
} from './download-weights';
export { type FineTune, type FineTuneOptions, fineTuneWith } from './fine-tune';
export {
  describeOrigin,
  PUBLISHED_WEIGHTS,
  type PublishedWeights,
  publishedWeights,
  type WeightsOrigin,
} from './published-weights';
export {
  type PretrainedWeights,
  readPretrainedWeights,
  type StartingWeights,
  startingWeights,
  type WeightsSource,
} from './starting-weights';
export { readWeightsFile } from './weights-file';
