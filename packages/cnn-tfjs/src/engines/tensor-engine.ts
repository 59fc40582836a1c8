import type {
  AvailableEngine,
  ComputedPart,
  Device,
  Engine,
  Network,
  UnavailableEngine,
} from '@dlcmp/contract';
import { TensorModel } from '../model/tensor-model';
import type { TensorFlowModules } from '../tensorflow-modules';
import type { TensorFlowRuntime } from './runtime';

/** An engine of TensorFlow.js as a table. */
export interface TensorEngineTable {
  readonly id: string;
  readonly title: string;
  readonly devices: readonly Device[];
  readonly computedBy: readonly ComputedPart[];
  /** Default: every network. */
  supports?(network: Network): true | string;
  probe(
    modules: TensorFlowModules,
    device: Device,
  ): Promise<
    Omit<AvailableEngine, 'engine' | 'device'> | Omit<UnavailableEngine, 'engine' | 'device'>
  >;
  /** Makes it ready; each runtime is closed once. */
  open(
    modules: TensorFlowModules,
    options: RuntimeOptions,
    network: Network,
  ): Promise<TensorFlowRuntime>;
}

export interface RuntimeOptions {
  readonly device: Device;
  /** Threads to compute with. Default: the backend's own choice. */
  readonly threads?: number | undefined;
}

/** The engine that a table describes, on the TensorFlow.js that `load` answers. */
export function defineTensorEngine(
  load: () => Promise<TensorFlowModules>,
  { probe, open, ...table }: TensorEngineTable,
): Engine {
  return {
    supports: () => true,
    ...table,
    optimizers: ['adam', 'adamW', 'sgd'],
    clipsGradients: true,
    ratesByWeight: table.devices,
    probe: async (device) => probe(await load(), device),
    async open(network, options) {
      const runtime = await open(await load(), options, network);
      try {
        return new TensorModel(runtime, network);
      } catch (error) {
        await runtime.close();
        throw error;
      }
    },
  };
}
