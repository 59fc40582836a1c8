import { execFileSync } from 'node:child_process';
import { hasMusl } from '@dlcmp/contract';
import { environmentsOf, type Runtime } from './environments';

/** What of a machine decides whether native libraries can be installed and loaded. */
export interface MachineTraits {
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
  readonly hasMusl: boolean;
  readonly forbidsScripts: boolean;
}

/** This machine's; npm says whether it runs install scripts. */
export function machineTraits(): MachineTraits {
  return {
    platform: process.platform,
    architecture: process.arch,
    hasMusl: hasMusl(),
    forbidsScripts: npmForbidsScripts(),
  };
}

/** Lines about what matters here, each with the next step; none on a usual machine. */
export function machineAdvice(machine: MachineTraits): string[] {
  const { platform, architecture, forbidsScripts } = machine;
  const isIntelMac = platform === 'darwin' && architecture === 'x64';
  return [
    ...(machine.hasMusl
      ? [
          `musl in the place of glibc (Alpine): ${because('onnxruntime', 'Alpine (musl)')}; ${because('tensorflow', 'Alpine (musl)')}. Take an image of Debian (node:22-bookworm-slim), or tfjs:wasm and rf.`,
        ]
      : []),
    ...(isIntelMac
      ? [
          `macOS on Intel: ${because('onnxruntime', 'macOS')}. Use tfjs:wasm and rf, or onnxruntime-node 1.23.`,
        ]
      : []),
    ...(forbidsScripts
      ? [
          `npm runs no install scripts here: that is enough for CPUs (${because('onnxruntime', 'without scripts')}). Native TensorFlow comes with "dlcmp setup tensorflow".`,
        ]
      : []),
  ];
}

function because(runtime: Runtime, environment: string): string {
  const known = environmentsOf(runtime).find((each) => each.environment === environment);
  return `${runtime}: ${known?.why} (${known?.source})`;
}

function npmForbidsScripts(): boolean {
  const fromEnvironment = process.env.npm_config_ignore_scripts;
  if (fromEnvironment !== undefined) return fromEnvironment === 'true';
  try {
    const shell = process.platform === 'win32';
    const args = ['config', 'get', 'ignore-scripts'];
    return (
      execFileSync('npm', args, { encoding: 'utf8', shell, timeout: 10_000 }).trim() === 'true'
    );
  } catch {
    // Without npm nothing is installed by it.
    return false;
  }
}
