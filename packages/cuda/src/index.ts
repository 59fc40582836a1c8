export { type CompileOptions, compileKernels } from './driver/compile-kernels';
export {
  type CudaDriver,
  type DevicePointer,
  openCudaDriver,
  type RecordedWork,
} from './driver/cuda-driver';
export { UploadRing } from './driver/upload-ring';
export {
  type CudaExamination,
  type CudaProblem,
  examineCuda,
  SETUP_COMMAND,
} from './examine-cuda';
export {
  type CudaLibrary,
  type FoundLibrary,
  findCudaLibraries,
  type LibrarySearch,
  type MissingLibrary,
} from './libraries/find-libraries';
export { CUDA_LIBRARIES, type CudaLibraryName, type CudaMajor } from './libraries/library-table';
export { preloadLibraries } from './libraries/preload-libraries';
export { type SearchPlace, searchPlaces } from './libraries/search-places';
export {
  driverServes,
  type NvidiaGpu,
  type NvidiaReport,
  OLDEST_DRIVER,
  readNvidiaGpus,
} from './nvidia-gpus';
export { type CudaRequirement, type FrameworkFiles, findFrameworkFiles } from './requirement';
export { type PlannedPackage, planCudaSetup } from './setup/plan-setup';
export { type CudaSetupOptions, setupCuda } from './setup/setup-cuda';
