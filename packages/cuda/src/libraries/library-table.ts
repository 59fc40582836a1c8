/** Major version of CUDA that a native library was built for. */
export type CudaMajor = 12 | 13;

/** NVIDIA's libraries by their own names. */
export type CudaLibraryName =
  | 'cudart'
  | 'nvJitLink'
  | 'cublasLt'
  | 'cublas'
  | 'cufft'
  | 'curand'
  | 'cusparse'
  | 'cusolver'
  | 'nvrtc'
  | 'cupti'
  | 'cudnn';

/** One library in one major version of CUDA. */
export interface LibraryOfMajor {
  /** The name by which others load it. */
  readonly file: string;
  /** The Python package whose wheel holds it. */
  readonly package: string;
  /** Its versions of this major, where its name does not say. */
  readonly versions?: string;
  /** Its wheel, in MB to download, as of autumn 2026. */
  readonly megabytes: number;
}

/**
 * Names of the files (their sonames) and wheels, each library after those that it needs. cuDNN 9 and cuRAND 10 have
 * one name in both majors and are not the same file.
 *
 * Source: the wheels themselves; https://docs.nvidia.com/cuda/cuda-toolkit-release-notes has the versions.
 */
export const CUDA_LIBRARIES: Readonly<
  Record<CudaLibraryName, Readonly<Record<CudaMajor, LibraryOfMajor>>>
> = {
  cudart: {
    12: { file: 'libcudart.so.12', package: 'nvidia-cuda-runtime-cu12', megabytes: 4 },
    13: {
      file: 'libcudart.so.13',
      package: 'nvidia-cuda-runtime',
      versions: '>=13,<14',
      megabytes: 3,
    },
  },
  nvJitLink: {
    12: { file: 'libnvJitLink.so.12', package: 'nvidia-nvjitlink-cu12', megabytes: 40 },
    13: {
      file: 'libnvJitLink.so.13',
      package: 'nvidia-nvjitlink',
      versions: '>=13,<14',
      megabytes: 47,
    },
  },
  cublasLt: {
    12: { file: 'libcublasLt.so.12', package: 'nvidia-cublas-cu12', megabytes: 581 },
    13: {
      file: 'libcublasLt.so.13',
      package: 'nvidia-cublas',
      versions: '>=13,<14',
      megabytes: 444,
    },
  },
  cublas: {
    12: { file: 'libcublas.so.12', package: 'nvidia-cublas-cu12', megabytes: 581 },
    13: { file: 'libcublas.so.13', package: 'nvidia-cublas', versions: '>=13,<14', megabytes: 444 },
  },
  cufft: {
    12: { file: 'libcufft.so.11', package: 'nvidia-cufft-cu12', megabytes: 201 },
    13: { file: 'libcufft.so.12', package: 'nvidia-cufft', versions: '>=12,<13', megabytes: 165 },
  },
  curand: {
    12: { file: 'libcurand.so.10', package: 'nvidia-curand-cu12', megabytes: 68 },
    13: {
      file: 'libcurand.so.10',
      package: 'nvidia-curand',
      versions: '>=10.4,<11',
      megabytes: 77,
    },
  },
  cusparse: {
    12: { file: 'libcusparse.so.12', package: 'nvidia-cusparse-cu12', megabytes: 366 },
    13: {
      file: 'libcusparse.so.12',
      package: 'nvidia-cusparse',
      versions: '>=12.6,<13',
      megabytes: 230,
    },
  },
  cusolver: {
    12: { file: 'libcusolver.so.11', package: 'nvidia-cusolver-cu12', megabytes: 338 },
    13: {
      file: 'libcusolver.so.12',
      package: 'nvidia-cusolver',
      versions: '>=12,<13',
      megabytes: 260,
    },
  },
  nvrtc: {
    12: { file: 'libnvrtc.so.12', package: 'nvidia-cuda-nvrtc-cu12', megabytes: 90 },
    13: {
      file: 'libnvrtc.so.13',
      package: 'nvidia-cuda-nvrtc',
      versions: '>=13,<14',
      megabytes: 58,
    },
  },
  cupti: {
    12: { file: 'libcupti.so.12', package: 'nvidia-cuda-cupti-cu12', megabytes: 10 },
    13: {
      file: 'libcupti.so.13',
      package: 'nvidia-cuda-cupti',
      versions: '>=13,<14',
      megabytes: 11,
    },
  },
  cudnn: {
    12: {
      file: 'libcudnn.so.9',
      package: 'nvidia-cudnn-cu12',
      versions: '>=9.3,<10',
      megabytes: 717,
    },
    13: {
      file: 'libcudnn.so.9',
      package: 'nvidia-cudnn-cu13',
      versions: '>=9.3,<10',
      megabytes: 517,
    },
  },
};

/** The libraries in the order in which they are to be loaded. */
export const LOADING_ORDER = Object.keys(CUDA_LIBRARIES) as readonly CudaLibraryName[];

/** The other major, whose file does not serve. */
export function otherMajor(major: CudaMajor): CudaMajor {
  return major === 12 ? 13 : 12;
}
