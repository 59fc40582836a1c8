import {
  type CudaExamination,
  type CudaRequirement,
  examineCuda,
  type FoundLibrary,
  type NvidiaReport,
  readNvidiaGpus,
} from '@dlcmp/cuda';
import { CUDA_REQUIREMENTS } from './cuda-adapters';

/** A GPU of which others hold this much is in use: timings on it would say little. */
const BUSY_BYTES = 2 ** 30;

/** NVIDIA's driver and GPUs, and where there is one, for each adapter which of CUDA's libraries was found where; lines for a terminal. */
export async function describeCuda(): Promise<string[]> {
  const report = await readNvidiaGpus();
  const lines = ['', ...describeGpus(report)];
  // Without a GPU, what would be missing for one is of no interest: "dlcmp setup cuda --dry-run" tells.
  if (!report.available) return lines;
  for (const [name, requirement] of Object.entries(CUDA_REQUIREMENTS)) {
    lines.push(...describeAdapter(name, requirement, await examineCuda(requirement)));
  }
  return lines;
}

/** The driver and one line for each GPU. */
export function describeGpus(report: NvidiaReport): string[] {
  if (!report.available) return [`CUDA: ${report.reason}`];
  return [
    `CUDA: driver ${report.driverVersion}`,
    ...report.gpus.map(({ name, computeCapability, memoryBytes, usedBytes }) => {
      const busy =
        usedBytes > BUSY_BYTES ? `, ${gibibytes(usedBytes)} in use by other processes` : '';
      return `  ${name}, compute capability ${computeCapability}, ${gibibytes(memoryBytes)}${busy}`;
    }),
  ];
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function describeAdapter(
  name: string,
  { consumer, major, framework: { package: wheel } }: CudaRequirement,
  { framework, libraries: { found, missing }, problem }: CudaExamination,
): string[] {
  const places = [...new Set(found.map(({ place }) => place))];
  const head = problem
    ? `  ✗ ${name}: ${problem.reason}${problem.remedy ? ` ${problem.remedy}` : ''}`
    : `  ✓ ${name}: ${consumer} with CUDA ${major}`;
  return [
    head,
    ...(framework ? [`      ${wheel}: ${framework.place}`] : []),
    ...places.map((place) => `      ${filesIn(place, found)}: ${place}`),
    ...missing.map(({ file, wrongMajor }) =>
      wrongMajor
        ? `      ${file}: missing; of CUDA ${wrongMajor.major}: ${wrongMajor.path}`
        : `      ${file}: missing`,
    ),
  ];
}

function filesIn(place: string, found: readonly FoundLibrary[]): string {
  return found
    .filter((library) => library.place === place)
    .map(({ file }) => file)
    .join(', ');
}
