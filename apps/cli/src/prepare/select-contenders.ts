import type { SelectedAdapter } from '@dlcmp/bench-core';
import {
  type Adapter,
  assertArgument,
  type BackendProbe,
  type ContenderName,
  DlcmpError,
  divisionOf,
  type EngineDescription,
  engineOfBackend,
  type Network,
  parseContender,
  type TrainedLayers,
} from '@dlcmp/contract';
import { type FoundAdapter, findAdapter } from '../adapter-registry';

/** What contenders are to train. */
export interface Task {
  readonly network: Network;
  readonly train: TrainedLayers;
  /** Whether the head has a learning rate of its own. */
  readonly ratesByWeight?: boolean;
}

/**
 * The contenders that `names` say, each as ADAPTER[:ENGINE][@DEVICE]. An adapter alone stands for the first of its engines that
 * can run here and trains the `task`.
 *
 * @param onUnavailable told of a contender that was asked for by name and can't run here, which is then selected all the
 *   same, to fail in its trial; without it, that is an error
 * @throws `INVALID_ARGUMENT` where an adapter, engine or device doesn't exist, one contender stands twice, none that was
 *   asked for by name can run here, or one does not train the `task`
 */
export async function selectContenders(
  names: readonly string[],
  onUnavailable?: (message: string) => void,
  task?: Task,
): Promise<SelectedAdapter[]> {
  const choices = await Promise.all(names.map((name) => choose(name, task)));
  if (task) assertSupported(choices, task);
  assertDifferent(choices);
  const problems = choices.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0 && (!onUnavailable || problems.length === choices.length)) {
    throw new DlcmpError('INVALID_ARGUMENT', problems.join('\n'));
  }
  for (const problem of problems) onUnavailable?.(problem);
  return choices.map(({ selected }) => selected);
}

/** The one contender that `name` says. */
export async function selectContender(name: string): Promise<SelectedAdapter> {
  const { selected, problem } = await choose(name);
  if (problem === undefined) return selected;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `${problem} Choose another contender; "dlcmp doctor" shows what can run here.`,
  );
}

/**
 * Who takes part where nobody is named: of each adapter the first engine of each division that can run on this CPU and trains
 * the `task`.
 */
export async function defaultContenders(
  adapters: readonly string[],
  task?: Task,
): Promise<string[]> {
  const names = adapters.map(async (adapter) => {
    const { found, probes } = await ask({ adapter });
    return defaultBackends(found, ableTo(task, found, probes)).map((backend) =>
      contenderText(found.name, backend),
    );
  });
  return (await Promise.all(names)).flat();
}

interface Choice {
  readonly selected: SelectedAdapter;
  /** Why what was asked for can't run here. */
  readonly problem?: string;
}

async function choose(name: string, task?: Task): Promise<Choice> {
  const contender = parseContender(name);
  const { found, probes } = await ask(contender);
  if (contender.engine === undefined && contender.device === undefined) {
    return { selected: select(found, firstAvailable(found, ableTo(task, found, probes))) };
  }
  const matching = probes.filter((probe) => isAskedFor(probe, contender, enginesOf(found)));
  const probe = matching.find(({ available }) => available) ?? matching[0];
  if (!probe) {
    const known = probes.map((candidate) => contenderText(found.name, candidate.name)).join(', ');
    throw new DlcmpError('INVALID_ARGUMENT', `There is no contender ${name}. There are: ${known}.`);
  }
  const selected = select(found, probe.name);
  if (probe.available) return { selected };
  const remedy = probe.remedy ? ` ${probe.remedy}` : '';
  return { selected, problem: `${name}: ${probe.reason}${remedy}` };
}

async function ask({ adapter }: ContenderName) {
  const found = await findAdapter(adapter);
  return { found, probes: await found.adapter.probe() };
}

/** Those of `probes` that train the `task`, all where none does. */
function ableTo(
  task: Task | undefined,
  { adapter }: FoundAdapter,
  probes: readonly BackendProbe[],
): readonly BackendProbe[] {
  if (!task) return probes;
  const able = probes.filter(({ name }) => supports(adapter, name, task) === true);
  return able.length > 0 ? able : probes;
}

function supports(adapter: Adapter, backend: string, task: Task): true | string {
  if (adapter.family !== 'cnn' || !adapter.supports) return true;
  const { network, train, ratesByWeight = false } = task;
  return adapter.supports(backend, network, train, { ratesByWeight });
}

/** @throws `INVALID_ARGUMENT` naming each that does not train the `task`, and why */
function assertSupported(choices: readonly Choice[], task: Task): void {
  const { network, train } = task;
  const what = `${train === 'all' ? '' : `${train} of `}${network.description.name}`;
  const reasons = choices.flatMap(({ selected: { adapter, backend, contender } }) => {
    const reason = supports(adapter, backend, task);
    return reason === true ? [] : [`${contender} does not train ${what}: ${reason}.`];
  });
  assertArgument(
    reasons.length === 0,
    `${reasons.join('\n')} Leave it out, or name another engine: an adapter alone, such as onnx, stands for one that does.`,
  );
}

function select(found: FoundAdapter, backend: string): SelectedAdapter {
  const { adapter, name, reference } = found;
  const title = engineOfBackend(enginesOf(found), backend)?.title ?? adapter.displayName;
  return { adapter, backend, reference, title, contender: contenderText(name, backend) };
}

function enginesOf({ adapter }: FoundAdapter): readonly EngineDescription[] {
  return adapter.engines ?? [];
}

function defaultBackends(found: FoundAdapter, probes: readonly BackendProbe[]): string[] {
  // Of forests one is enough to compare networks with.
  if (found.adapter.family === 'forest') return [firstAvailable(found, probes)];
  const isAvailable = ({ id }: EngineDescription) =>
    probes.some((p) => p.name === id && p.available);
  const engines = enginesOf(found).filter(
    (engine) => engine.devices[0] === 'cpu' && isAvailable(engine),
  );
  const names = (['as-published', 'with-kernels'] as const).flatMap((division) => {
    const first = engines.find((engine) => divisionOf(engine) === division);
    return first ? [first.id] : [];
  });
  return names.length > 0 ? names : [firstAvailable(found, probes)];
}

/** Where none is available the first is taken, and its trial says why it fails. A GPU is used where it is asked for. */
function firstAvailable(found: FoundAdapter, probes: readonly BackendProbe[]): string {
  const engines = enginesOf(found);
  const onCpu = probes.filter(({ name }) => {
    const engine = engineOfBackend(engines, name);
    return engine === undefined || (engine.devices[0] === 'cpu' && !name.includes('@'));
  });
  const probe = onCpu.find(({ available }) => available) ?? onCpu[0];
  if (probe) return probe.name;
  throw new DlcmpError('BACKEND_UNAVAILABLE', 'An adapter without engines cannot take part.');
}

/** Whether a backend, `ENGINE`, `ENGINE@DEVICE` or of an adapter without engines `DEVICE`, is what `contender` says. */
function isAskedFor(
  { name }: BackendProbe,
  contender: ContenderName,
  engines: readonly EngineDescription[],
): boolean {
  const [id, device] = name.split('@');
  const engine = engines.find((candidate) => candidate.id === id);
  if (!engine) return [contender.engine, contender.device].includes(name);
  const at = device ?? engine.devices[0];
  if (contender.engine !== undefined && contender.engine !== id) return false;
  return contender.device === undefined ? device === undefined : contender.device === at;
}

function contenderText(adapter: string, backend: string): string {
  return `${adapter}:${backend}`;
}

function assertDifferent(choices: readonly Choice[]): void {
  const keys = choices.map(({ selected }) => `${selected.adapter.id}:${selected.backend}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice === undefined) return;
  throw new DlcmpError('INVALID_ARGUMENT', `${twice} takes part twice. Name each contender once.`);
}
