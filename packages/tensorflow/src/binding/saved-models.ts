import type { Pointer } from './c-functions';
import { assertSucceeded, type NativeLibrary } from './native-library';
import { restoreOriginals } from './restore-originals';
import { type GraphPort, runSession } from './run-session';

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
  try {
    restoreOriginals(library, session, graph);
  } catch (error) {
    closeSavedModel(library, { session, graph });
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
  const ports = [...inputs.keys()].map((name) => namedPort(library, graph, name));
  const feeds = ports.map((port, index) => [port, tensors[index] as Pointer] as const);
  const fetches = outputNames.map((name) => namedPort(library, graph, name));
  try {
    return runSession(library, session, { feeds, fetches }).map((tensor) =>
      takeTensor(library, tensor),
    );
  } finally {
    for (const tensor of tensors) c.TF_DeleteTensor(tensor);
  }
}

/** A handle of what a tensor holds, in its place. */
function takeTensor(library: NativeLibrary, tensor: Pointer): Pointer {
  const { c, status } = library;
  const handle = c.TFE_NewTensorHandle(tensor, status);
  c.TF_DeleteTensor(tensor);
  assertSucceeded(library, 'the result of a SavedModel');
  return handle;
}

/** @param name with an index, as `serving_default_x:0` */
function namedPort({ c }: NativeLibrary, graph: Pointer, name: string): GraphPort {
  const [operationName = '', index = '0'] = name.split(':');
  const operation = c.TF_GraphOperationByName(graph, operationName);
  if (operation === null) throw new Error(`The SavedModel has no operation ${operationName}.`);
  return { operation, index: Number(index) };
}
