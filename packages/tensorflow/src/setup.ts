/* `@dlcmp/tensorflow/setup`: brings a native TensorFlow for the backend `tensorflow`. */
export { installedLibraryFolder } from './library/library-cache';
export { recentSetupFailure, rememberingSetup } from './setup/automatic-setup';
export { type SetupOptions, type SetupResult, setupTensorFlow } from './setup/setup-tensorflow';
