import { type Adapter, DlcmpError } from '@dlcmp/contract';

/** Where a child process finds an adapter: a module, the factory it exports, and its options. */
export interface AdapterReference {
  /** URL of an ES module. */
  readonly moduleUrl: string;
  /** Name of an exported function that makes the adapter. */
  readonly factory: string;
  /** Passed to the factory; must be JSON. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The factory in `@dlcmp/bench-core/peer`: what it makes computes in a program of its own. */
export const PEER_FACTORY = 'createPeerAdapter';

/** Imports the module and makes the adapter. */
export async function loadAdapter(reference: AdapterReference): Promise<Adapter> {
  const { moduleUrl, factory, options } = reference;
  const module = (await import(moduleUrl)) as Record<string, unknown>;
  const create = module[factory];
  if (typeof create !== 'function') {
    throw new DlcmpError(
      'INVALID_ARGUMENT',
      `${moduleUrl} exports no function "${factory}": name one that makes an adapter.`,
    );
  }
  return create(options) as Adapter;
}
