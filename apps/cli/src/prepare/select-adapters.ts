import type { SelectedAdapter } from '@dlcmp/bench-core';
import { type BackendProbe, DlcmpError } from '@dlcmp/bench-core/contract';
import { adapterName, type FoundAdapter, findAdapter } from '../adapter-registry';

const AUTO = 'auto';

/**
 * The adapters of `--adapters` with the backends of `--backend`; `auto`, or no word, takes the
 * first backend that can run here.
 *
 * @throws `INVALID_ARGUMENT` where an adapter or a backend doesn't exist, or the one asked for by
 *   name can't run here
 */
export async function selectAdapters(
  names: readonly string[],
  backends: Readonly<Record<string, string>>,
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
  return Promise.all(found.map((adapter) => selectBackend(adapter, wanted.get(adapter.name))));
}

async function selectBackend(
  { name, adapter, reference }: FoundAdapter,
  wanted = AUTO,
): Promise<SelectedAdapter> {
  const probes = await adapter.probe();
  const backend = wanted === AUTO ? firstAvailable(probes) : named(name, wanted, probes);
  return { adapter, backend, reference };
}

/** Where none is available the first is taken, and its trial says why it fails. */
function firstAvailable(probes: readonly BackendProbe[]): string {
  const probe = probes.find(({ available }) => available) ?? probes[0];
  return probe?.name ?? AUTO;
}

function named(name: string, wanted: string, probes: readonly BackendProbe[]): string {
  const probe = probes.find((candidate) => candidate.name === wanted);
  if (probe?.available) return wanted;
  const reason = probe
    ? `${probe.reason}${probe.remedy ? ` ${probe.remedy}` : ''}`
    : `${name} has the backends ${[AUTO, ...probes.map((candidate) => candidate.name)].join(', ')}.`;
  throw new DlcmpError('INVALID_ARGUMENT', `--backend ${name}=${wanted}: ${reason}`);
}
