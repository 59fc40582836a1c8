import { hostname, totalmem } from 'node:os';
import type { MachineSummary } from '../results/bench-results';
import { allowedCores } from './allowed-cores';

/** Vector and matrix extensions that decide which kernels a framework picks. */
const TELLING_FLAGS = /^(sse4_2|avx|avx2|fma|f16c|avx_?vnni|avx512\w*|amx_\w+|asimd|sve2?|neon)$/;

/**
 * What this machine is, as far as it decides speed.
 *
 * @param name tells it apart from others. Default: its name in Slurm, else the host's.
 */
export async function describeMachine(
  name = process.env.SLURMD_NODENAME || hostname(),
): Promise<MachineSummary> {
  const { default: systemInformation } = await import('systeminformation');
  const [os, cpu, flags, graphics] = await Promise.all([
    systemInformation.osInfo(),
    systemInformation.cpu(),
    systemInformation.cpuFlags(),
    systemInformation.graphics(),
  ]);
  return {
    name,
    os: `${os.distro} ${os.release} (${os.arch})`,
    cpuModel: `${cpu.manufacturer} ${cpu.brand}`.trim(),
    cpuFlags: flags.split(' ').filter((flag) => TELLING_FLAGS.test(flag)),
    coresAllowed: allowedCores(),
    memoryBytes: totalmem(),
    gpus: graphics.controllers.map(gpuName),
    nodeVersion: process.versions.node,
  };
}

/** `NVIDIA H200` by `NVIDIA Corporation` says who made it already. */
function gpuName({ vendor, model }: { readonly vendor: string; readonly model: string }): string {
  const [maker = ''] = vendor.split(' ');
  return model.startsWith(maker) ? model : `${vendor} ${model}`.trim();
}
