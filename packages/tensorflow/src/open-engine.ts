import { availableParallelism } from 'node:os';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { DeviceType } from './binding/config-proto';
import { type CompiledFunction, compileFunction } from './graph/compile-function';
import { type FunctionOutput, readScalars } from './graph/function-output';
import type { FunctionInputs, FunctionTrace } from './graph/function-trace';
import { type AdamNumbers, type AdamTensors, applyAdam } from './kernels/adam';
import { loadFirstLibrary } from './library/find-library';
import { loadGpuLibrary } from './library/load-gpu-library';
import { unpackNamedArchive } from './setup/unpack-named-archive';
import { startEngine, stopEngine, type TensorFlowEngine } from './start-engine';
import type { TensorFlow } from './tensorflow-js';

export interface EngineOptions {
  readonly device: DeviceType;
  /** Threads to compute with. Default: as many as the machine offers. */
  readonly threads?: number | undefined;
  /** Whether ops are computed while JavaScript goes on. Default: false. */
  readonly asynchronous?: boolean;
  /**
   * The device whose kernels compiled functions are made of. Default: `device`. A GPU's compute on a CPU as well, slowly:
   * for tests where there is no GPU.
   */
  readonly kernels?: DeviceType;
  /** As tfjs-node has it: none of our kernels, for comparisons. Default: false. */
  readonly stock?: boolean;
}

/** Native TensorFlow under a name of its own. */
export interface OpenEngine {
  /** The name of TensorFlow.js's backend. */
  readonly backendName: string;
  readonly threads: number;
  /** Updates a weight and its moments in place. Called while the backend is TensorFlow.js's current one. */
  applyAdam(state: AdamTensors, gradient: Tensor, numbers: AdamNumbers): void;
  /** See {@link compileFunction}. Called while the backend is TensorFlow.js's current one. */
  compile(
    inputs: FunctionInputs,
    compute: (trace: FunctionTrace) => readonly Tensor[],
  ): CompiledFunction;
  /** Waits for scalar outputs of compiled functions, reads them in one copy, and frees them. */
  readScalars(scalars: readonly FunctionOutput[]): Float32Array;
  /** Called once; frees the engine with the last one that was opened alike. */
  close(): void;
}

/** The engines of one copy of TensorFlow.js by their options. */
type Engines = Map<string, { readonly engine: TensorFlowEngine; users: number }>;

const enginesOf = new WeakMap<TensorFlow, Engines>();

/**
 * Native TensorFlow as a backend of `tf` under a name of its own, which TensorFlow.js never chooses by itself: users' own
 * backends are left as they are. What is opened with the same options shares one.
 *
 * @throws `BACKEND_UNAVAILABLE`
 */
export async function openEngine(
  tf: TensorFlow,
  {
    device,
    threads = availableParallelism(),
    asynchronous = false,
    kernels = device,
    stock = false,
  }: EngineOptions,
): Promise<OpenEngine> {
  await unpackNamedArchive();
  // So that a choice of TensorFlow.js's own comes first, where it has any.
  if (Object.keys(tf.engine().registryFactory).length > 0) await tf.ready();
  const library = device === 'GPU' ? await loadGpuLibrary() : loadFirstLibrary();
  const key = [device, threads, asynchronous, kernels, stock].join(' ');
  const engines: Engines = enginesOf.get(tf) ?? new Map();
  enginesOf.set(tf, engines);
  const shared = engines.get(key) ?? {
    engine: startEngine(tf, library, { device, threads, asynchronous, kernels, stock }),
    users: 0,
  };
  engines.set(key, shared);
  shared.users++;
  const { engine } = shared;
  return {
    backendName: engine.name,
    threads,
    applyAdam: (state, gradient, numbers) => applyAdam(engine.backend, state, gradient, numbers),
    compile: (inputs, compute) => compileFunction(tf, engine, inputs, compute),
    readScalars: (scalars) => readScalars(engine, scalars),
    close() {
      shared.users--;
      if (shared.users > 0) return;
      engines.delete(key);
      stopEngine(tf, engine);
    },
  };
}
