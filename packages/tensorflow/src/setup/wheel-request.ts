/** What to ask a Python package index for. */
export interface WheelRequest {
  readonly package: string;
  /** Tags of the platforms whose wheels run here. */
  readonly platforms: readonly string[];
}

/** What of this machine decides which wheel serves. */
export interface MachineTraits {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  /** Version of the GNU C library as `2.36`; undefined where there is another one. */
  readonly glibc: string | undefined;
}

/** This machine's. */
export function machineTraits(): MachineTraits {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return {
    platform: process.platform,
    architecture: process.arch,
    glibc: report.header?.glibcVersionRuntime,
  };
}

/** The oldest glibc for which TensorFlow's wheels are built, as the second part of its version. */
const OLDEST_GLIBC = 17;

/**
 * The wheel that holds a libtensorflow for `machine`.
 *
 * @param gpu with CUDA, which needs NVIDIA's libraries besides
 * @throws where there is none
 */
export function wheelRequest(machine: MachineTraits, gpu: boolean): WheelRequest {
  const { platform, architecture } = machine;
  if (platform === 'linux') return linuxWheel(machine, gpu);
  if (platform === 'darwin' && architecture === 'arm64') {
    return { package: 'tensorflow', platforms: ['macosx_12_0_arm64'] };
  }
  throw new Error(
    `TensorFlow's wheels for ${platform} on ${architecture} hold no library of its C interface`,
  );
}

function linuxWheel({ architecture, glibc }: MachineTraits, gpu: boolean): WheelRequest {
  const machineName = { x64: 'x86_64', arm64: 'aarch64' }[architecture];
  const minor = Number(glibc?.split('.')[1]);
  if (!machineName) throw new Error(`TensorFlow has no wheel for Linux on ${architecture}`);
  if (!(minor >= OLDEST_GLIBC)) {
    throw new Error(
      `TensorFlow needs glibc 2.${OLDEST_GLIBC} or later, and here is ${glibc ?? 'none'}`,
    );
  }
  const versions = Array.from({ length: minor - OLDEST_GLIBC + 1 }, (_, index) => minor - index);
  return {
    package: architecture === 'x64' && !gpu ? 'tensorflow-cpu' : 'tensorflow',
    platforms: [
      ...versions.map((version) => `manylinux_2_${version}_${machineName}`),
      `manylinux2014_${machineName}`,
    ],
  };
}
