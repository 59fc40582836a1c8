import type { BackendProbe, CnnAdapter, CreateOptions, FrameworkDefaults } from '../adapter';
import { assertArgument, DlcmpError } from '../errors';
import { type ModelSpec, networkOf } from '../model-spec';
import { readSavedNetwork, type SaveModelFiles } from '../saved-network';
import { assertThreads } from '../threads';
import type { Device, Engine, EngineProbe } from './engine';
import { NetworkClassifier } from './network-classifier';

/** An adapter for networks as a table. */
export interface NetworkAdapterTable {
  /** Stable, kebab-case: `cnn-onnx`. */
  readonly id: string;
  /** For tables: `ONNX Runtime`. */
  readonly displayName: string;
  readonly frameworkDefaults: FrameworkDefaults;
  /** The first that can run here is the default. */
  readonly engines: readonly Engine[];
  /** Writes what the framework's own users expect into a saved model's folder. */
  readonly saveModelFiles?: SaveModelFiles;
}

/** The adapter that a table describes. Nothing is loaded yet. */
export function defineNetworkAdapter(table: NetworkAdapterTable): CnnAdapter {
  const create = async (spec: ModelSpec, options: CreateOptions = {}) => {
    networkOf(spec);
    assertThreads(options.threads);
    const { engine, device } = await chooseEngine(table, options);
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
    probe: async () => (await probeEngines(table)).map(toBackendProbe),
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

async function probeEngine(engine: Engine, device: Device): Promise<EngineProbe> {
  const where = { engine: engine.id, device };
  try {
    return { ...where, ...(await engine.probe(device)) } as EngineProbe;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...where, available: false, reason };
  }
}

/** As users type it: `graph`, `graph@cuda`. The device is left out where it is the engine's first. */
export function engineName(engine: Pick<Engine, 'id' | 'devices'>, device: Device): string {
  return device === engine.devices[0] ? engine.id : `${engine.id}@${device}`;
}

async function chooseEngine(
  table: NetworkAdapterTable,
  options: CreateOptions,
): Promise<{ engine: Engine; device: Device }> {
  const { engine: name, device } = requestedEngine(options);
  if (name !== undefined || device !== undefined) return namedEngine(table, name, device);
  const reasons: string[] = [];
  for (const engine of table.engines) {
    const probe = await probeEngine(engine, engine.devices[0] as Device);
    if (probe.available) return { engine, device: probe.device };
    reasons.push(`${engine.id}: ${probe.reason}`);
  }
  throw new DlcmpError(
    'BACKEND_UNAVAILABLE',
    `No engine of ${table.id} can run here (${reasons.join('; ')}). "dlcmp doctor" says what would help.`,
  );
}

function requestedEngine({ engine, device, backend }: CreateOptions) {
  if (backend === undefined) return { engine, device };
  assertArgument(
    engine === undefined && device === undefined,
    'Give engine and device, or backend as ENGINE[@DEVICE], not both.',
  );
  const [name, at] = backend.split('@') as [string, Device | undefined];
  return { engine: name === '' ? undefined : name, device: at };
}

function namedEngine(
  { id, engines }: NetworkAdapterTable,
  name: string | undefined,
  device: Device | undefined,
): { engine: Engine; device: Device } {
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

function toBackendProbe(probe: EngineProbe): BackendProbe {
  const name = probe.device === 'cpu' ? probe.engine : `${probe.engine}@${probe.device}`;
  if (!probe.available) {
    const { reason, remedy } = probe;
    return { name, available: false, reason, ...(remedy !== undefined && { remedy }) };
  }
  return { name, available: true, device: probe.hardware, versions: probe.versions };
}
