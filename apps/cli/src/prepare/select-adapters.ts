import type { SelectedAdapter } from '@dlcmp/bench-core';
import { type BackendProbe, DlcmpError } from '@dlcmp/contract';
import { adapterName, type FoundAdapter, findAdapter } from '../adapter-registry';

const AUTO = 'auto';

/**
 * The adapters of `--adapters` with the backends of `--backend`; `auto`, or no word, takes the
 * first backend that can run here.
 *
 * @param onUnavailable told of a backend that was asked for by name and can't run here, which is then selected all the
 *   same, to fail in its trial; without it, that is an error
 * @throws `INVALID_ARGUMENT` where an adapter or a backend doesn't exist, or no backend that was asked for by name can
 *   run here
 */
export async function selectAdapters(
  names: readonly string[],
  backends: Readonly<Record<string, string>>,
  onUnavailable?: (message: string) => void,
): Promise<SelectedAdapter[]> {
  const found = await Promise.all(names.map(findAdapter));
  const wanted = new Map(
    await Promise.all(
      Object.entries(backends).map(
        async ([name, backend]) => [await adapterName(name), backend] as const,
      ),
    ),
  );
  for (const name of wanted.keys()) {
    if (!found.some((candidate) => candidate.name === name)) {
      throw new DlcmpError(
        'INVALID_ARGUMENT',
        `--backend names ${name}, which is not among --adapters ${names.join(',')}.`,
      );
    }
  }
  const choices = await Promise.all(
    found.map((adapter) => selectBackend(adapter, wanted.get(adapter.name))),
  );
  const problems = choices.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0 && (!onUnavailable || problems.length === choices.length)) {
    throw new DlcmpError('INVALID_ARGUMENT', problems.join('\n'));
  }
  for (const problem of problems) onUnavailable?.(problem);
  return choices.map(({ selected }) => selected);
}

interface Choice {
  readonly selected: SelectedAdapter;
  /** Why the backend that was asked for can't run here. */
  readonly problem?: string;
}

async function selectBackend(
  { name, adapter, reference }: FoundAdapter,
  wanted = AUTO,
): Promise<Choice> {
  const probes = await adapter.probe();
  const select = (backend: string): SelectedAdapter => ({ adapter, backend, reference });
  if (wanted === AUTO) return { selected: select(firstAvailable(probes)) };
  const probe = probes.find((candidate) => candidate.name === wanted);
  if (!probe) {
    const known = [AUTO, ...probes.map((candidate) => candidate.name)].join(', ');
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `--backend ${name}=${wanted}: ${name} has the backends ${known}.`,
    );
  }
  const selected = select(wanted);
  if (probe.available) return { selected };
  const remedy = probe.remedy ? ` ${probe.remedy}` : '';
  return { selected, problem: `--backend ${name}=${wanted}: ${probe.reason}${remedy}` };
}

/**
 * An engine on another device than its first (`tuned@cuda`) is used where it is asked for. Where none is available the first
 * is taken, and its trial says why it fails.
 */
function firstAvailable(probes: readonly BackendProbe[]): string {
  const probe = probes.find(({ available, name }) => available && !name.includes('@')) ?? probes[0];
  return probe?.name ?? AUTO;
}
