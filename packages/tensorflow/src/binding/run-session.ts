import type { Pointer } from './c-functions';
import { assertSucceeded, type NativeLibrary } from './native-library';

/** One output of an operation of a graph. */
export interface GraphPort {
  readonly operation: Pointer;
  readonly index: number;
}

/** What one run of a session is given and asked for. */
export interface SessionRun {
  /** Tensors (`TF_Tensor`) in place of what the graph would compute there. Default: none. */
  readonly feeds?: readonly (readonly [GraphPort, Pointer])[];
  /** Default: none. */
  readonly fetches?: readonly GraphPort[];
  /** Operations that are run for their effect. Default: none. */
  readonly targets?: readonly Pointer[];
}

/**
 * Runs a part of a session's graph.
 *
 * @returns a `TF_Tensor` for each of the fetches, which the caller deletes
 */
export function runSession(
  library: NativeLibrary,
  session: Pointer,
  { feeds = [], fetches = [], targets = [] }: SessionRun,
): Pointer[] {
  const { c, status } = library;
  const results = new BigUint64Array(fetches.length);
  const [ports, tensors] = [feeds.map(([port]) => port), feeds.map(([, tensor]) => tensor)];
  c.TF_SessionRun(
    ...([session, null] as const),
    ...([packPorts(ports), BigUint64Array.from(tensors), feeds.length] as const),
    ...([packPorts(fetches), results, fetches.length] as const),
    ...([BigUint64Array.from(targets), targets.length, null, status] as const),
  );
  assertSucceeded(library, 'a SavedModel');
  return [...results];
}

/** Bytes of `TF_Output`: an operation's address, and the index of one of its outputs. */
const PORT_BYTES = 16;

function packPorts(ports: readonly GraphPort[]): Uint8Array {
  const packed = new DataView(new ArrayBuffer(ports.length * PORT_BYTES));
  ports.forEach(({ operation, index }, at) => {
    packed.setBigUint64(at * PORT_BYTES, operation, true);
    packed.setInt32(at * PORT_BYTES + 8, index, true);
  });
  return new Uint8Array(packed.buffer);
}

/** The ports that an operation's inputs come from. */
export function inputPorts({ c }: NativeLibrary, operation: Pointer): GraphPort[] {
  const count = c.TF_OperationNumInputs(operation);
  const packed = new DataView(new ArrayBuffer(count * PORT_BYTES));
  c.TF_OperationAllInputs(operation, new Uint8Array(packed.buffer), count);
  return Array.from({ length: count }, (_, at) => ({
    operation: packed.getBigUint64(at * PORT_BYTES, true),
    index: packed.getInt32(at * PORT_BYTES + 8, true),
  }));
}
