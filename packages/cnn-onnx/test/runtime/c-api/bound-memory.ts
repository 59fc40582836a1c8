import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { DeviceTensor } from '../../../src/runtime/c-api/device-session';
import { createDeviceRuntime } from '../../../src/runtime/c-api/device-session';
import { loadOrtLibrary } from '../../../src/runtime/c-api/ort-library';

const LIBRARIES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.30.0.dylib',
  win32: 'onnxruntime.dll',
};

/** onnxruntime-node's own library, called through its C API. */
const packageFile = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
const path = join(
  dirname(packageFile),
  ...['bin', 'napi-v6', process.platform, process.arch, LIBRARIES[process.platform] ?? ''],
);

const ort = loadOrtLibrary(path);

/** Computes on the CPU, with arrays as the memory. */
export const runtime = createDeviceRuntime(ort);

/** ONNX Runtime knows addresses alone: an array that nothing else holds would be freed while it computes with it. */
const lent: unknown[] = [];

export function inMemory(
  values: Float32Array | Uint8Array,
  shape: readonly number[],
): DeviceTensor {
  lent.push(values);
  const address = ort.koffi.address(values);
  return { address, shape, type: values instanceof Uint8Array ? 'uint8' : 'float32' };
}
