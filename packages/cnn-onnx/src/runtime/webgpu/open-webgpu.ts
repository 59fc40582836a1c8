import { DlcmpError } from '@dlcmp/contract';
import { GraphBuilder } from '../../onnx/graph-builder';
import { loadOrtLibrary } from '../c-api/ort-library';
import { createWebGpuRuntime, type WebGpuRuntime } from '../c-api/webgpu-runtime';
import { findNativeLibrary } from '../native-library';

/** What brings a GPU that WebGPU can use, by platform. */
const REMEDIES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux:
    "Install your GPU's Vulkan driver and Vulkan's loader (Debian and Ubuntu: apt install libvulkan1 mesa-vulkan-drivers; NVIDIA's driver brings its own).",
  win32: "Install your GPU's current driver: WebGPU uses Direct3D 12.",
  darwin: 'WebGPU uses Metal: a Mac with a GPU that macOS supports is needed.',
};

export interface WebGpuProblem {
  readonly reason: string;
  readonly remedy?: string;
}

/** Why ONNX Runtime could not open WebGPU, in words of this project where its own message is known. */
export function explainFailure(message: string): WebGpuProblem {
  const remedy = REMEDIES[process.platform];
  const help = remedy === undefined ? {} : { remedy };
  if (/Failed to get a WebGPU (adapter|device)/.test(message)) {
    return { reason: 'no GPU was found that WebGPU can use.', ...help };
  }
  if (/WebGPU.*(not enabled|not supported|not available|unknown)/i.test(message)) {
    return {
      reason: `this build of ONNX Runtime has no WebGPU for ${process.platform}-${process.arch}.`,
    };
  }
  return { reason: `ONNX Runtime could not open WebGPU: ${message}`, ...help };
}

/** A graph that does next to nothing. */
export function smallestGraph(): Uint8Array {
  const graph = new GraphBuilder();
  const input = graph.input('input', 'float32', ['length']);
  graph.output('output', graph.node('Identity', [input]), 'float32', ['length']);
  return graph.encode('identity');
}

/** Opens WebGPU; throws ONNX Runtime's own message where it cannot be. */
export function tryWebGpu(): WebGpuRuntime {
  const library = findNativeLibrary();
  if (library === undefined) throw new Error(`onnxruntime-node's native library was not found.`);
  return createWebGpuRuntime(loadOrtLibrary(library), smallestGraph());
}

let opened: WebGpuRuntime | undefined;

/**
 * Opens WebGPU in the library that `onnxruntime-node` brings; all models of a process share it.
 *
 * @throws `BACKEND_UNAVAILABLE` with the reason and what would help
 */
export function openWebGpu(): WebGpuRuntime {
  try {
    opened ??= tryWebGpu();
    return opened;
  } catch (cause) {
    const { reason, remedy = '' } = explainFailure(
      cause instanceof Error ? cause.message : String(cause),
    );
    throw new DlcmpError(
      'BACKEND_UNAVAILABLE',
      `ONNX Runtime cannot use WebGPU: ${reason} ${remedy}`.trim(),
      { cause },
    );
  }
}
