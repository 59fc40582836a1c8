import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AdapterReference, loadAdapter } from '@dlcmp/bench-core';
import { type Adapter, DlcmpError } from '@dlcmp/contract';
import { findPeers, peerReference } from './peer-registry';

interface RegisteredAdapter {
  /** What users type. */
  readonly name: string;
  /** The adapter's own `id`, understood as well. */
  readonly id: string;
  readonly module: string;
  readonly factory: string;
}

/** The adapters in Node.js, in the order they run; peers come from their manifests. */
const ADAPTERS: readonly RegisteredAdapter[] = [
  { name: 'rf', id: 'baseline-rf', module: '@dlcmp/baseline-rf', factory: 'createBaselineRf' },
  { name: 'onnx', id: 'cnn-onnx', module: '@dlcmp/cnn-onnx', factory: 'createCnnOnnx' },
  { name: 'tfjs', id: 'cnn-tfjs', module: '@dlcmp/cnn-tfjs', factory: 'createCnnTfjs' },
];

export const ADAPTER_NAMES: readonly string[] = ADAPTERS.map(({ name }) => name);

/** An adapter, and how a process of its own finds it. */
export interface FoundAdapter {
  readonly name: string;
  readonly adapter: Adapter;
  readonly reference: AdapterReference;
}

/**
 * Finds an adapter by the name users type or by its id.
 *
 * @throws `INVALID_ARGUMENT` listing the names there are
 */
export async function findAdapter(nameOrId: string): Promise<FoundAdapter> {
  const { name, reference } = await lookUp(nameOrId);
  return { name, adapter: await loadAdapter(reference), reference };
}

async function lookUp(nameOrId: string): Promise<Omit<FoundAdapter, 'adapter'>> {
  const found = ADAPTERS.find(({ name, id }) => nameOrId === name || nameOrId === id);
  if (found) return { name: found.name, reference: packageReference(found) };
  const peers = await findPeers();
  const peer = peers.find(({ id }) => id === nameOrId);
  if (peer) return { name: peer.id, reference: peerReference(peer) };
  const names = [...ADAPTER_NAMES, ...peers.map(({ id }) => id)];
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `There is no adapter "${nameOrId}". Choose from: ${names.join(', ')}.`,
  );
}

function packageReference(
  { module, factory }: RegisteredAdapter,
  from: string = import.meta.url,
): AdapterReference {
  const path = createRequire(from).resolve(module);
  return { moduleUrl: pathToFileURL(path).href, factory };
}

/** Folder of the package of the adapter with this `id`; undefined of a peer. */
export function packageFolder(id: string): string | undefined {
  const registered = ADAPTERS.find((adapter) => adapter.id === id);
  if (!registered) return undefined;
  return dirname(createRequire(import.meta.url).resolve(`${registered.module}/package.json`));
}

/**
 * Where the adapter with this `id` is in another folder: a checkout of dlcmp that is built, or one where npm has installed it.
 * Undefined where it is not there.
 */
export function adapterIn(folder: string, id: string): AdapterReference | undefined {
  const registered = ADAPTERS.find((adapter) => adapter.id === id);
  if (!registered) return undefined;
  for (const place of ['apps/cli', '.']) {
    try {
      return packageReference(registered, join(folder, place, 'package.json'));
    } catch {
      // It is not found from there.
    }
  }
  return undefined;
}
