import { DlcmpError } from '@dlcmp/contract';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../tensorflow-modules';
import { loadWebGpuPackages, type WebGpuPackages } from './device/load-packages';
import { adapterRemedy, requestAdapter, requestDevice } from './device/request-adapter';
import { defineWebGpuGlobals, withNavigatorGpu } from './device/web-gpu-globals';
import { registerKernels } from './kernels/register-kernels';

/** The name under which TensorFlow.js knows the backend; users' own `webgpu` is left as it is. */
export const ENGINE_NAME = 'cnn-tfjs-webgpu';

/** Never chosen by TensorFlow.js itself. */
const PRIORITY = 0;

/** A backend of TensorFlow.js on a device of its own. */
export interface WebGpuEngine {
  readonly backend: WebGPUBackend;
  /**
   * A tensor's numbers as they are once all that was asked for before is done. The tensor may be changed or disposed as
   * soon as this returns.
   */
  read(tensor: Tensor): Promise<Float32Array>;
  /** Takes the backend from TensorFlow.js and frees the GPU's memory, once what is being read has come. */
  close(): Promise<void>;
}

/** @throws `FRAMEWORK_MISSING`, `BACKEND_UNAVAILABLE` */
export async function startEngine(tf: TensorFlow): Promise<WebGpuEngine> {
  const packages = await loadWebGpuPackages(tf);
  const removeGlobals = defineWebGpuGlobals(packages.dawn);
  const { backend, failure } = await deviceOf(tf, packages).catch((cause: unknown) => {
    removeGlobals();
    throw cause;
  });
  registerKernels(tf, ENGINE_NAME, packages.kernels);
  tf.registerBackend(ENGINE_NAME, () => backend, PRIORITY);
  const reads = new Set<Promise<unknown>>();
  return {
    backend,
    read(tensor) {
      const values = read(backend, tensor, failure);
      const settled = values.catch(() => undefined).finally(() => reads.delete(settled));
      reads.add(settled);
      return values;
    },
    async close() {
      await Promise.all(reads);
      tf.removeBackend(ENGINE_NAME);
      for (const { kernelName } of kernelsOf(tf)) tf.unregisterKernel(kernelName, ENGINE_NAME);
      removeGlobals();
    },
  };
}

/** A device with TensorFlow.js's backend on it. */
interface Device {
  readonly info: GPUAdapterInfo;
  readonly backend: WebGPUBackend;
  /** The first thing that has gone wrong on it. */
  failure(): Error | undefined;
}

/** Kept while the process lives, as it holds the compiled programs: some drivers take seconds for them. */
const devices = new WeakMap<TensorFlow, Device>();

/** What the GPU that is in use already says of itself. */
export function adapterInUse(tf: TensorFlow): GPUAdapterInfo | undefined {
  const device = devices.get(tf);
  return device?.failure() ? undefined : device?.info;
}

/** The device of one copy of TensorFlow.js: the last one, unless it has failed. */
async function deviceOf(tf: TensorFlow, { dawn, backend: module }: WebGpuPackages) {
  const known = devices.get(tf);
  if (known && !known.failure()) return known;
  const found = await requestAdapter(dawn);
  if (!found) {
    throw new DlcmpError('BACKEND_UNAVAILABLE', `There is no WebGPU adapter. ${adapterRemedy()}`);
  }
  const device = await requestDevice(found.adapter);
  const backend = withNavigatorGpu(
    found.gpu,
    () => new module.WebGPUBackend(device, found.adapter.info),
  );
  // TensorFlow.js disposes the backends that it removes.
  backend.dispose = () => freeBuffers(backend);
  const fresh = { info: found.adapter.info, backend, failure: watch(device) };
  devices.set(tf, fresh);
  return fresh;
}

/** Once all that was asked for is on its way to the GPU, which destroys a buffer after its last use. */
function freeBuffers(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
  backend.bufferManager.dispose();
}

function kernelsOf(tf: TensorFlow) {
  return tf.getKernelsForBackend(ENGINE_NAME);
}

async function read(
  backend: WebGPUBackend,
  { dataId }: Tensor,
  failure: () => Error | undefined,
): Promise<Float32Array> {
  const { values, resource } = backend.tensorMap.get(dataId);
  if (values) return (values as Float32Array).slice();
  try {
    const bytes = await backend.getBufferData(resource as GPUBuffer);
    const error = failure();
    if (error) throw error;
    return new Float32Array(bytes);
  } catch (error) {
    throw failure() ?? error;
  }
}

/** WebGPU tells of errors where nobody waits for them; whoever reads next learns of the first one. */
function watch(device: GPUDevice): () => Error | undefined {
  let failure: Error | undefined;
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    failure ??= describe((event as GPUUncapturedErrorEvent).error);
  });
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') failure ??= new Error(`The GPU was lost: ${message}`);
  });
  return () => failure;
}

function describe(error: GPUError): Error {
  const { message } = error;
  if (error.constructor.name !== 'GPUOutOfMemoryError')
    return new Error(`WebGPU failed: ${message}`);
  return new DlcmpError(
    'INVALID_ARGUMENT',
    `The GPU's memory has no room for this. Use smaller batches or images. (${message})`,
  );
}
