import type { Pointer } from './c-functions';
import { assertSucceeded, type NativeLibrary } from './native-library';

/** A SavedModel that TensorFlow has opened. */
export interface SavedModel {
  readonly session: Pointer;
  readonly graph: Pointer;
}

/** Opens the part of the SavedModel in `directory` that bears `tags`. */
export function openSavedModel(
  library: NativeLibrary,
  directory: string,
  tags: readonly string[],
  config: Uint8Array,
): SavedModel {
  const { c, status } = library;
  const options = c.TF_NewSessionOptions();
  const graph = c.TF_NewGraph();
  c.TF_SetConfig(options, config, config.length, status);
  const session = c.TF_LoadSessionFromSavedModel(
    ...([options, null, directory, tags, tags.length, graph, null, status] as const),
  );
  c.TF_DeleteSessionOptions(options);
  try {
    assertSucceeded(library, `the SavedModel in ${directory}`);
  } catch (error) {
    c.TF_DeleteGraph(graph);
    throw error;
  }
  return { session, graph };
}

export function closeSavedModel(library: NativeLibrary, { session, graph }: SavedModel): void {
  const { c, status } = library;
  c.TF_DeleteSession(session, status);
  c.TF_DeleteGraph(graph);
  assertSucceeded(library, 'the closing of a SavedModel');
}

/**
 * Runs a SavedModel.
 *
 * @param inputNames with an index, as `serving_default_x:0`
 * @returns handles by the order of `outputNames`, which the caller deletes
 */
export function runSavedModel(
  library: NativeLibrary,
  { session, graph }: SavedModel,
  inputs: ReadonlyMap<string, Pointer>,
  outputNames: readonly string[],
): Pointer[] {
  const { c, status } = library;
  const tensors = [...inputs.values()].map((handle) => {
    const tensor = c.TFE_TensorHandleResolve(handle, status);
    assertSucceeded(library, 'the reading of an input');
    return tensor;
  });
  const results = new BigUint64Array(outputNames.length);
  c.TF_SessionRun(
    ...([session, null] as const),
    ...([graphPorts(library, graph, [...inputs.keys()]), BigUint64Array.from(tensors)] as const),
    tensors.length,
    ...([graphPorts(library, graph, outputNames), results, results.length] as const),
    ...([null, 0, null, status] as const),
  );
  for (const tensor of tensors) c.TF_DeleteTensor(tensor);
  assertSucceeded(library, 'a SavedModel');
  return Array.from(results, (tensor) => {
    const handle = c.TFE_NewTensorHandle(tensor, status);
    c.TF_DeleteTensor(tensor);
    assertSucceeded(library, 'the result of a SavedModel');
    return handle;
  });
}

/** Bytes of `TF_Output`: an operation's address, and the index of one of its outputs. */
const PORT_BYTES = 16;

function graphPorts({ c }: NativeLibrary, graph: Pointer, names: readonly string[]): Uint8Array {
  const ports = new DataView(new ArrayBuffer(names.length * PORT_BYTES));
  names.forEach((name, index) => {
    const [operationName = '', outputIndex = '0'] = name.split(':');
    const operation = c.TF_GraphOperationByName(graph, operationName);
    if (operation === null) throw new Error(`The SavedModel has no operation ${operationName}.`);
    ports.setBigUint64(index * PORT_BYTES, operation, true);
    ports.setInt32(index * PORT_BYTES + 8, Number(outputIndex), true);
  });
  return new Uint8Array(ports.buffer);
}
