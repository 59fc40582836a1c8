import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { type AdapterReference, loadAdapter } from '@dlcmp/bench-core';
import { type Adapter, DlcmpError } from '@dlcmp/bench-core/contract';

interface RegisteredAdapter {
  /** What users type. */
  readonly name: string;
  /** The adapter's own `id`, understood as well. */
  readonly id: string;
  readonly module: string;
  readonly factory: string;
}

/** Every adapter this program knows, in the order they run. */
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
  const { name, module, factory } = lookUp(nameOrId);
  const path = createRequire(import.meta.url).resolve(module);
  const reference = { moduleUrl: pathToFileURL(path).href, factory };
  return { name, adapter: await loadAdapter(reference), reference };
}

/** The short name of an adapter given by either name; throws as {@link findAdapter}. */
export function adapterName(nameOrId: string): string {
  return lookUp(nameOrId).name;
}

function lookUp(nameOrId: string): RegisteredAdapter {
  const found = ADAPTERS.find(({ name, id }) => nameOrId === name || nameOrId === id);
  if (found) return found;
  throw new DlcmpError(
    'INVALID_ARGUMENT',
    `There is no adapter "${nameOrId}". Choose from: ${ADAPTER_NAMES.join(', ')}.`,
  );
}
