import { DlcmpError } from '@dlcmp/contract';
import { examineCuda, preloadLibraries } from '@dlcmp/cuda';
import type { NativeLibrary } from '../binding/native-library';
import { tensorFlowCuda } from './cuda-requirement';
import { loadLibrary } from './load-library';

/**
 * TensorFlow's build for NVIDIA's GPUs, with CUDA's libraries loaded before it, which it finds by their names.
 *
 * @throws `BACKEND_UNAVAILABLE` with what is missing and the command that brings it
 */
export async function loadGpuLibrary(): Promise<NativeLibrary> {
  const { problem, framework, libraries } = await examineCuda(tensorFlowCuda);
  if (problem || !framework) {
    const { reason = '', remedy = '' } = problem ?? {};
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `TensorFlow cannot use a GPU: ${reason} ${remedy}`.trim(),
    );
  }
  preloadLibraries(libraries.found.map(({ path }) => path));
  return loadLibrary(framework.paths);
}
