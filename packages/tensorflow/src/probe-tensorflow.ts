import { examineCuda } from '@dlcmp/cuda';
import type { DeviceType } from './binding/config-proto';
import { hasKernelFor, type NativeLibrary } from './binding/native-library';
import { ONEDNN_OP } from './kernels/one-dnn';
import { tensorFlowCuda } from './library/cuda-requirement';
import { findLibrary } from './library/find-library';
import { unpackNamedArchive } from './setup/unpack-named-archive';

/** Whether native TensorFlow can compute here, and with what; or why not, and what helps. */
export type TensorFlowProbe =
  | {
      readonly available: true;
      readonly device: string;
      readonly versions: Readonly<Record<string, string>>;
    }
  | { readonly available: false; readonly reason: string; readonly remedy?: string };

/**
 * Asks for native TensorFlow on a device. For the CPU the library is loaded; for the GPU nothing is: a process can hold one
 * TensorFlow, and whoever wants the CPU may want another one.
 */
export function probeTensorFlow(device: DeviceType): Promise<TensorFlowProbe> {
  return device === 'GPU' ? probeGpu() : probeCpu();
}

async function probeCpu(): Promise<TensorFlowProbe> {
  const library = await tryToLoad();
  if ('reason' in library) return { available: false, ...library };
  const versions = {
    TensorFlow: library.c.TF_Version(),
    koffi: library.koffi.version,
    'oneDNN kernels': hasKernelFor(library, ONEDNN_OP) ? 'yes' : 'no',
  };
  return { available: true, device: 'CPU', versions };
}

async function probeGpu(): Promise<TensorFlowProbe> {
  const { gpu, problem } = await examineCuda(tensorFlowCuda);
  if (problem || !gpu.available) return { available: false, reason: '', ...problem };
  const [, version = ''] = tensorFlowCuda.framework.package.split('==');
  return {
    available: true,
    device: gpu.gpus[0]?.name ?? 'GPU',
    versions: { TensorFlow: version, 'NVIDIA driver': gpu.driverVersion },
  };
}

/** The library, or why there is none. */
async function tryToLoad(): Promise<NativeLibrary | { readonly reason: string }> {
  try {
    await unpackNamedArchive();
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
  return findLibrary();
}
