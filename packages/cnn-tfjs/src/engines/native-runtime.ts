import {
  type AdamFactors,
  type AvailableEngine,
  type Device,
  plainRootFactors,
  type UnavailableEngine,
} from '@dlcmp/contract';
import {
  type AdamNumbers,
  type EngineOptions,
  type OpenEngine,
  openEngine,
  probeTensorFlow,
} from '@dlcmp/tensorflow/engine';
import type { TensorFlowModules } from '../tensorflow-modules';
import { readNow } from './read-now';
import { runOnBackend } from './run-on-backend';
import type { TensorFlowRuntime } from './runtime';

/** Whether native TensorFlow can compute on `device`. */
export async function probeNative(
  { core }: TensorFlowModules,
  device: Device,
): Promise<
  Omit<AvailableEngine, 'engine' | 'device'> | Omit<UnavailableEngine, 'engine' | 'device'>
> {
  const found = await probeTensorFlow(device === 'cuda' ? 'GPU' : 'CPU');
  if (!found.available) return found;
  const versions = { '@tensorflow/tfjs-core': core.version_core, ...found.versions };
  return { available: true, hardware: found.device, versions };
}

/** Native TensorFlow, op by op, and what it was opened as. */
export async function openNative(
  { core: tf }: TensorFlowModules,
  options: EngineOptions,
): Promise<{ readonly engine: OpenEngine; readonly runtime: TensorFlowRuntime }> {
  const engine = await openEngine(tf, options);
  const runtime: TensorFlowRuntime = {
    tf,
    blocks: 'separate',
    run: (compute) => runOnBackend(tf, engine.backendName, compute),
    read: readNow,
    close: async () => engine.close(),
  };
  return { engine, runtime };
}

/** TensorFlow adds epsilon to the root as such, PyTorch to the corrected root. */
export function adamNumbers(factors: AdamFactors): AdamNumbers {
  const { rate, epsilon } = plainRootFactors(factors);
  return { rate, beta1: factors.meanDecay, beta2: factors.varianceDecay, epsilon };
}
