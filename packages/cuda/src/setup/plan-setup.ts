import { CUDA_LIBRARIES, type CudaLibraryName } from '../libraries/library-table';
import type { CudaRequirement } from '../requirement';

/** A wheel that is to be fetched. */
export interface PlannedPackage {
  /** As pip takes it, with a version where it matters. */
  readonly requested: string;
  /** In MB to download. */
  readonly megabytes: number;
  readonly licence: string;
}

const NVIDIA_LICENCE = 'NVIDIA proprietary';

/**
 * The wheels that bring `libraries` for a requirement.
 *
 * @param withFramework the framework's own wheel too
 */
export function planCudaSetup(
  { major, framework }: CudaRequirement,
  libraries: readonly CudaLibraryName[],
  withFramework: boolean,
): PlannedPackage[] {
  const wheels = new Map<string, PlannedPackage>();
  for (const name of libraries) {
    const { package: wheel, versions = '', megabytes } = CUDA_LIBRARIES[name][major];
    const requested = `${wheel}${versions}`;
    wheels.set(requested, { requested, megabytes, licence: NVIDIA_LICENCE });
  }
  const { package: requested, megabytes, licence } = framework;
  return [...(withFramework ? [{ requested, megabytes, licence }] : []), ...wheels.values()];
}
