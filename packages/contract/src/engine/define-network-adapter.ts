import type { BackendProbe, CnnAdapter, CreateOptions, FrameworkDefaults } from '../adapter';
import { assertArgument, DlcmpError, isDlcmpError } from '../errors';
import { type ModelSpec, networkOf } from '../model-spec';
import type { Network } from '../network/resolve-network';
import { readSavedNetwork, type SaveModelFiles } from '../saved-network';
import { assertThreads } from '../threads';
import type { Device, Engine, EngineDescription, EngineProbe } from './engine';
import { NetworkClassifier } from './network-classifier';
import { supportsRates, supportsTraining } from './supports-training';

/** An adapter for networks as a table. */
export interface NetworkAdapterTable {
  /** Stable, kebab-case: `cnn-onnx`. */
  readonly id: string;
  /** For tables: `ONNX Runtime`. */
  readonly displayName: string;
  readonly frameworkDefaults: FrameworkDefaults;
  /** The first that can run on this CPU and supports the network is the default. */
  readonly engines: readonly Engine[];
  /** Writes what the framework's own users expect into a saved model's folder. */
  readonly saveModelFiles?: SaveModelFiles;
}

/** A {@link CnnAdapter} for networks: what it makes is a {@link NetworkClassifier}. */
export interface NetworkAdapter extends CnnAdapter {
  readonly engines: readonly Engine[];
  create(spec: ModelSpec, options?: CreateOptions): Promise<NetworkClassifier>;
  load(directory: string, options?: CreateOptions): Promise<NetworkClassifier>;
}

/** The adapter that a table describes. Nothing is loaded yet. */
export function defineNetworkAdapter(table: NetworkAdapterTable): NetworkAdapter {
  const create = async (spec: ModelSpec, options: CreateOptions = {}) => {
    const network = networkOf(spec);
    assertThreads(options.threads);
    const { engine, device } = await chooseEngine(table, network, options);
    const { id: adapter, saveModelFiles } = table;
    const { threads } = options;
    return NetworkClassifier.open(
      { adapter, engine, ...(saveModelFiles && { saveModelFiles }) },
      spec,
      { device, ...(threads !== undefined && { threads }) },
    );
  };
  const { id, displayName, frameworkDefaults, engines } = table;
  return {
    ...{ id, displayName, family: 'cnn', frameworkDefaults, engines },
    supports: (backend, network, trained, { ratesByWeight = false } = {}) => {
      const engine = engineOfBackend(engines, backend);
      if (!engine) return true;
      const support = supportsTraining(engine, network, trained);
      if (support !== true || !ratesByWeight) return support;
      const device = (backend.split('@')[1] ?? engine.devices[0]) as Device;
      return supportsRates(engine, device);
    },
    probe: async () => (await probeEngines(table)).map((probe) => toBackendProbe(engines, probe)),
    create,
    load: async (directory, options) => create(await readSavedNetwork(directory), options),
  };
}

/** Every engine of `table` on each of its devices. Never throws. */
export async function probeEngines({
  engines,
}: Pick<NetworkAdapterTable, 'engines'>): Promise<readonly EngineProbe[]> {
  return Promise.all(
    engines.flatMap((engine) => engine.devices.map((device) => probeEngine(engine, device))),
  );
}

async function probeEngine(
  engine: Engine,
  device: Device,
  onError?: (error: unknown) => void,
): Promise<EngineProbe> {
  const where = { engine: engine.id, device };
  try {
    return { ...where, ...(await engine.probe(device)) } as EngineProbe;
  } catch (error) {
    onError?.(error);
    const reason = error instanceof Error ? error.message : String(error);
    return { ...where, available: false, reason };
  }
}

/** How reports and {@link CreateOptions.backend} call it: `graph`, `graph@cuda`. The device is left out where it is the engine's first. */
export function engineName(
  engine: Pick<EngineDescription, 'id' | 'devices'>,
  device: Device,
): string {
  return device === engine.devices[0] ? engine.id : `${engine.id}@${device}`;
}

/** The engine that a backend's name says, such as `graph@cuda`; undefined where none of `engines` does. */
export function engineOfBackend<Described extends Pick<EngineDescription, 'id'>>(
  engines: readonly Described[],
  backend: string,
): Described | undefined {
  return engines.find(({ id }) => id === backend.split('@')[0]);
}

async function chooseEngine(
  table: NetworkAdapterTable,
  network: Network,
  options: CreateOptions,
): Promise<{ engine: Engine; device: Device }> {
  const { engine: name, device } = requestedEngine(options);
  if (name !== undefined || device !== undefined) return namedEngine(table, name, device);
  const reasons: string[] = [];
  const causes: unknown[] = [];
  // A GPU is used where it is asked for, never by itself.
  for (const engine of table.engines.filter(({ devices }) => devices[0] === 'cpu')) {
    const support = engine.supports(network);
    if (support !== true) {
      reasons.push(`${engine.id}: ${support}`);
      continue;
    }
    const device = engine.devices[0] as Device;
    const probe = await probeEngine(engine, device, (cause) => causes.push(cause));
    if (probe.available) return { engine, device };
    reasons.push(`${engine.id}: ${probe.reason}`);
  }
  const missing = causes.find((cause) => isDlcmpError(cause, 'FRAMEWORK_MISSING'));
  const cause = missing ?? causes[0];
  throw new DlcmpError(
    missing === undefined ? 'BACKEND_UNAVAILABLE' : 'FRAMEWORK_MISSING',
    `No engine of ${table.id} can run ${network.description.name} here (${reasons.join('; ')}). "dlcmp doctor" says what would help.`,
    cause === undefined ? {} : { cause },
  );
}

/**
 * The engine and device that a caller asks for, undefined where it leaves the choice.
 *
 * @throws `INVALID_ARGUMENT`
 */
export function requestedEngine({ engine, device, backend }: CreateOptions): {
  engine: string | undefined;
  device: Device | undefined;
} {
  if (backend === undefined) return { engine, device };
  assertArgument(
    engine === undefined && device === undefined,
    'Give engine and device, or backend as ENGINE[@DEVICE], not both.',
  );
  const [name, at] = backend.split('@') as [string, Device | undefined];
  return { engine: name === '' ? undefined : name, device: at };
}

/**
 * The first engine of the adapter `id` that is called `name` and computes on `device`, where they are given.
 *
 * @throws `BACKEND_UNAVAILABLE` listing what there is
 */
export function namedEngine<Described extends EngineDescription>(
  { id, engines }: { readonly id: string; readonly engines: readonly Described[] },
  name: string | undefined,
  device: Device | undefined,
): { engine: Described; device: Device } {
  const candidates = engines.filter((engine) => name === undefined || engine.id === name);
  const known = engines.flatMap((engine) => engine.devices.map((at) => engineName(engine, at)));
  const engine = candidates.find(({ devices }) => device === undefined || devices.includes(device));
  if (engine) return { engine, device: device ?? (engine.devices[0] as Device) };
  const wanted = `${name ?? ''}${device === undefined ? '' : `@${device}`}`;
  throw new DlcmpError(
    'BACKEND_UNAVAILABLE',
    `${id} has no engine "${wanted}". Choose one of: ${known.join(', ')}.`,
  );
}

function toBackendProbe(engines: readonly Engine[], probe: EngineProbe): BackendProbe {
  const engine = engines.find(({ id }) => id === probe.engine) as Engine;
  const name = engineName(engine, probe.device);
  if (!probe.available) {
    const { reason, remedy } = probe;
    return { name, available: false, reason, ...(remedy !== undefined && { remedy }) };
  }
  return { name, available: true, device: probe.hardware, versions: probe.versions };
}
