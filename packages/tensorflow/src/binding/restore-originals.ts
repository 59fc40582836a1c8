/*
 * `tf.saved_model.save` of a Keras 3 model writes a copy of each of its variables into the graph, and has the
 * checkpoint restore the copies, where the model computes with the originals (`_export_to_saved_model_graph` in
 * keras/src/backend/tensorflow/core.py). Python's loader puts that right from the description of the objects, which a
 * session does not read. Here the assignments that would have made the copies are made the other way round.
 */
import { graphFunctions, type Port } from '../graph/graph-functions';
import type { Pointer } from './c-functions';
import { assertSucceeded, type NativeLibrary, readMemory } from './native-library';
import { type GraphPort, inputPorts, runSession } from './run-session';

/** A variable whose first value is another one's. Both are outputs of a `VarHandleOp`. */
interface VariableCopy {
  readonly original: GraphPort;
  readonly copy: GraphPort;
  /** `TF_DataType` of the two. */
  readonly type: number;
}

/** Gives variables that nothing restored the values of their copies, where those were restored. */
export function restoreOriginals(library: NativeLibrary, session: Pointer, graph: Pointer): void {
  const copies = findCopies(library, graph);
  if (copies.length === 0) return;
  const repairs = copies.map((copy, at) =>
    addRepair(library, graph, copy, `restore_original_${at}`),
  );
  const fetches = repairs.flatMap(({ isKnown, isRestored }) => [isKnown, isRestored]);
  const flags = runSession(library, session, { fetches }).map((tensor) =>
    takeFlag(library, tensor),
  );
  const wanting = repairs.filter((_, at) => !flags[2 * at] && flags[2 * at + 1]);
  const targets = wanting.map(({ assign }) => assign);
  if (targets.length > 0) runSession(library, session, { targets });
}

function findCopies(library: NativeLibrary, graph: Pointer): VariableCopy[] {
  const { TF_OperationOutputType } = graphFunctions(library);
  const typeOf = ({ operation }: GraphPort) => library.c.TF_OperationOpType(operation);
  return operationsOf(library, graph, 'AssignVariableOp').flatMap((assign) => {
    const [copy, value] = inputPorts(library, assign) as [GraphPort, GraphPort];
    const [original] = inputPorts(library, value.operation);
    const isCopy =
      typeOf(copy) === 'VarHandleOp' &&
      typeOf(value) === 'ReadVariableOp' &&
      original !== undefined &&
      typeOf(original) === 'VarHandleOp';
    return isCopy ? [{ original, copy, type: TF_OperationOutputType(toPort(value)) }] : [];
  });
}

function operationsOf({ c }: NativeLibrary, graph: Pointer, type: string): Pointer[] {
  const position = new BigUint64Array(1);
  const found: Pointer[] = [];
  for (;;) {
    const operation = c.TF_GraphNextOperation(graph, position);
    if (operation === null) return found;
    if (c.TF_OperationOpType(operation) === type) found.push(operation);
  }
}

/** Adds to the graph what tells whether a variable and its copy have values, and what assigns the copy's to it. */
function addRepair(
  library: NativeLibrary,
  graph: Pointer,
  { original, copy, type }: VariableCopy,
  name: string,
) {
  const add = (op: string, suffix: string, inputs: readonly GraphPort[], dtype?: number) => {
    const f = graphFunctions(library);
    const description = f.TF_NewOperation(graph, op, `${name}/${suffix}`);
    for (const input of inputs) f.TF_AddInput(description, toPort(input));
    if (dtype !== undefined) f.TF_SetAttrType(description, 'dtype', dtype);
    const operation = f.TF_FinishOperation(description, library.status);
    assertSucceeded(library, op);
    return { operation, index: 0 };
  };
  const value = add('ReadVariableOp', 'value', [copy], type);
  return {
    isKnown: add('VarIsInitializedOp', 'is_known', [original]),
    isRestored: add('VarIsInitializedOp', 'is_restored', [copy]),
    assign: add('AssignVariableOp', 'assign', [original, value], type).operation,
  };
}

function toPort({ operation, index }: GraphPort): Port {
  return { oper: operation, index };
}

function takeFlag(library: NativeLibrary, tensor: Pointer): boolean {
  const [flag] = readMemory(library, library.c.TF_TensorData(tensor) as Pointer, 1);
  library.c.TF_DeleteTensor(tensor);
  return flag !== 0;
}
