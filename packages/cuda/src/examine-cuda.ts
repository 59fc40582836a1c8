import {
  findCudaLibraries,
  type LibrarySearch,
  type MissingLibrary,
} from './libraries/find-libraries';
import { type SearchPlace, searchPlaces } from './libraries/search-places';
import { driverServes, type NvidiaReport, OLDEST_DRIVER, readNvidiaGpus } from './nvidia-gpus';
import { type CudaRequirement, findFrameworkFiles } from './requirement';

/** The command that brings what is missing. */
export const SETUP_COMMAND = 'dlcmp setup cuda';

/** What keeps a framework from an NVIDIA GPU. */
export interface CudaProblem {
  readonly reason: string;
  /** What would cure it, where something would. */
  readonly remedy?: string;
}

/** Whether a framework can compute on an NVIDIA GPU here, and with which files. */
export interface CudaExamination {
  readonly gpu: NvidiaReport;
  /** The framework's own library, in the order of loading, and where it lies. */
  readonly framework: ReturnType<typeof findFrameworkFiles>;
  readonly libraries: LibrarySearch;
  /** Absent where it can. */
  readonly problem?: CudaProblem;
}

/** Looks for everything that `requirement` names. Loads nothing and never throws. */
export async function examineCuda(
  requirement: CudaRequirement,
  places: readonly SearchPlace[] = searchPlaces(requirement.major),
): Promise<CudaExamination> {
  const gpu = await readNvidiaGpus();
  const framework = findFrameworkFiles(requirement, places);
  const libraries = findCudaLibraries(requirement.libraries, requirement.major, places);
  const problem = findProblem(requirement, { gpu, framework, libraries });
  return { gpu, framework, libraries, ...(problem && { problem }) };
}

function findProblem(
  requirement: CudaRequirement,
  { gpu, framework, libraries: { missing } }: CudaExamination,
): CudaProblem | undefined {
  const { consumer, major } = requirement;
  if (process.platform !== 'linux') {
    return {
      reason: `${consumer} computes on NVIDIA's GPUs on Linux alone, and here is ${process.platform}.`,
    };
  }
  if (!gpu.available) return { reason: gpu.reason };
  if (!driverServes(gpu.driverVersion, major)) {
    return {
      reason: `the driver ${gpu.driverVersion} is too old: ${consumer} needs CUDA ${major}.`,
      remedy: `Update NVIDIA's driver to ${OLDEST_DRIVER[major]} or later.`,
    };
  }
  if (framework && missing.length === 0) return undefined;
  const reasons = [
    ...(framework ? [] : [`${requirement.framework.package} is not installed`]),
    ...(missing.length > 0 ? [describeMissing(requirement, missing)] : []),
  ];
  return { reason: `${reasons.join('; ')}.`, remedy: `Run: ${SETUP_COMMAND}` };
}

function describeMissing({ major }: CudaRequirement, missing: readonly MissingLibrary[]): string {
  const names = missing.map(({ file }) => file).join(', ');
  const wrong = missing.find(({ wrongMajor }) => wrongMajor)?.wrongMajor;
  const found = wrong && `, and what is here is CUDA ${wrong.major}'s (${wrong.path})`;
  return `CUDA ${major}'s libraries are missing (${names})${found ?? ''}`;
}
