import { createRequire } from 'node:module';
import { DlcmpError } from '@dlcmp/contract';
import type { KernelConfig } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../tensorflow-modules';

/** `@tensorflow/tfjs-backend-webgpu`. */
export type WebGpuBackendModule = typeof import('@tensorflow/tfjs-backend-webgpu');

/** Dawn, the implementation of WebGPU that is the npm package `webgpu`. */
export interface DawnModule {
  create(options: readonly string[]): GPU;
  /** The constructors and constants that a browser has as globals. */
  readonly globals: Readonly<Record<string, unknown>>;
}

/** What the backend stands on besides TensorFlow.js's core: two packages that users install themselves. */
export interface WebGpuPackages {
  readonly dawn: DawnModule;
  readonly backend: WebGpuBackendModule;
  /** TensorFlow.js's own kernels for WebGPU. */
  readonly kernels: readonly KernelConfig[];
  readonly versions: Readonly<Record<string, string>>;
}

/** The npm package that holds Dawn. */
export const DAWN_PACKAGE = 'webgpu';
const BACKEND = '@tensorflow/tfjs-backend-webgpu';
/** TensorFlow.js's name for its backend. */
const STOCK_NAME = 'webgpu';

export const INSTALL_COMMAND = `npm install ${DAWN_PACKAGE} ${BACKEND}`;

let loaded: WebGpuPackages | undefined;

/**
 * Loads both packages.
 *
 * @throws `FRAMEWORK_MISSING`
 */
export async function loadWebGpuPackages(tf: TensorFlow): Promise<WebGpuPackages> {
  try {
    const require = createRequire(import.meta.url);
    const version = (name: string) =>
      (require(`${name}/package.json`) as { version: string }).version;
    loaded ??= {
      dawn: (await import('webgpu')) as DawnModule,
      ...loadBackend(tf, require),
      versions: { [BACKEND]: version(BACKEND), 'webgpu (Dawn)': version(DAWN_PACKAGE) },
    };
    return loaded;
  } catch (cause) {
    throw new DlcmpError('FRAMEWORK_MISSING', missingReason(cause), { cause });
  }
}

function missingReason(cause: unknown): string {
  const { code, message } = cause as { code?: string; message?: string };
  const missing = [DAWN_PACKAGE, BACKEND].find((name) => message?.includes(`'${name}`));
  if (code?.endsWith('MODULE_NOT_FOUND') && missing)
    return `The package ${missing} is not installed.`;
  return `The packages ${DAWN_PACKAGE} and ${BACKEND} could not be loaded: ${message ?? cause}`;
}

/**
 * Loads TensorFlow.js's backend and leaves no trace where nobody had loaded it: it registers itself when it is first loaded, and
 * only where there is a `navigator.gpu`, which a program may set up later.
 */
function loadBackend(tf: TensorFlow, require: NodeJS.Require) {
  const isKnown = tf.getKernelsForBackend(STOCK_NAME).length > 0;
  const backend = require(BACKEND) as WebGpuBackendModule;
  const kernels = tf.getKernelsForBackend(STOCK_NAME);
  if (!isKnown) {
    for (const { kernelName } of kernels) tf.unregisterKernel(kernelName, STOCK_NAME);
    delete require.cache[require.resolve(BACKEND)];
  }
  return { backend, kernels };
}
