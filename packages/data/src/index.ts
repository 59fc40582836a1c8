export { defaultCacheDirectory } from '@dlcmp/contract';
export { type CachedImages, clearCache, listCache } from './cache/cache-entries';
export { type CacheOptions, DEFAULT_CACHE_LIMIT_BYTES } from './cache/cache-limit';
export type { Dataset, ImageFile, LabelledFile, Split } from './dataset/dataset';
export { datasetFingerprint } from './dataset/dataset-fingerprint';
export { DEFAULT_SPLIT, type LayoutOptions } from './dataset/layout-options';
export { type DatasetLimits, type LimitedDataset, limitDataset } from './dataset/limit-dataset';
export { openDataset } from './dataset/open-dataset';
export type { DatasetProblem, ProblemKind } from './dataset/problem';
export {
  type DownloadedDataset,
  type DownloadOptions,
  type DownloadProgress,
  downloadIntel,
  INTEL_ARCHIVE_URL,
} from './download/download-intel';
export type { KaggleCredentials } from './download/request-archive';
export { type DecodeBytesOptions, decodeBytes } from './images/decode-bytes';
export type { SkippedFile } from './images/keep-good';
export { listImages } from './images/list-images';
export {
  type CachedLabelledImages,
  type CacheImagesOptions,
  cacheImages,
  type LoadedImages,
  type LoadedPixels,
  loadImages,
  type OpenedImages,
  openImages,
} from './images/load-images';
export type { LoadOptions, LoadProgress } from './images/load-options';
export { imageLibraries } from './images/load-sharp';
export { type LoadUnlabelledOptions, loadUnlabelled } from './images/load-unlabelled';
export { MAX_PIXELS } from './images/pixel-limit';
export type { ClassCount } from './inspect/count-images';
export type { DuplicateGroup } from './inspect/duplicates';
export { type DatasetSummary, exploreDataset } from './inspect/explore-dataset';
export { renderThumbnail } from './inspect/render-thumbnail';
export {
  type ClassThumbnails,
  type SampleThumbnailsOptions,
  sampleThumbnails,
} from './inspect/sample-thumbnails';
export type {
  PixelSize,
  SideStatistics,
  SizeCount,
  SizeStatistics,
} from './inspect/size-statistics';
export { type DatasetReport, type InspectOptions, verifyDataset } from './inspect/verify-dataset';
export { createSampleSet, type SampleSetOptions } from './sample/create-sample-set';
export { ensureSampleSet } from './sample/ensure-sample-set';
