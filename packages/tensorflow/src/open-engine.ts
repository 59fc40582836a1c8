import { availableParallelism } from 'node:os';
import type { DeviceType } from './binding/config-proto';
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
}

/** An engine that whoever opened it closes once. */
export interface OpenEngine {
  readonly engine: TensorFlowEngine;
  readonly threads: number;
  /** Frees the engine with the last one that was opened alike. */
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
  { device, threads = availableParallelism(), asynchronous = false }: EngineOptions,
): Promise<OpenEngine> {
  await unpackNamedArchive();
  await tf.ready();
  const library = device === 'GPU' ? await loadGpuLibrary() : loadFirstLibrary();
  const key = `${device} ${threads} ${asynchronous}`;
  const engines: Engines = enginesOf.get(tf) ?? new Map();
  enginesOf.set(tf, engines);
  const shared = engines.get(key) ?? {
    engine: startEngine(tf, library, { device, threads, asynchronous }),
    users: 0,
  };
  engines.set(key, shared);
  shared.users++;
  return {
    engine: shared.engine,
    threads,
    close() {
      shared.users--;
      if (shared.users > 0) return;
      engines.delete(key);
      stopEngine(tf, shared.engine);
    },
  };
}
