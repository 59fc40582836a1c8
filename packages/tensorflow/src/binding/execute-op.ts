import type { Pointer } from './c-functions';
import type { EagerContext } from './eager-context';
import { assertSucceeded } from './native-library';
import { type OpAttribute, setAttribute } from './op-attributes';

/**
 * Runs an op at once.
 *
 * @param outputCount the most outputs that it may have
 * @returns handles, which the caller deletes
 * @throws where TensorFlow refuses, with its own message and the op's name
 */
export function executeOp(
  { library, context }: Pick<EagerContext, 'library' | 'context'>,
  name: string,
  attributes: readonly OpAttribute[],
  inputs: readonly Pointer[],
  outputCount: number,
): Pointer[] {
  const { c, status } = library;
  const op = c.TFE_NewOp(context, name, status);
  assertSucceeded(library, name);
  try {
    for (const input of inputs) c.TFE_OpAddInput(op, input, status);
    assertSucceeded(library, name);
    for (const attribute of attributes) setAttribute(library, op, attribute);
    const outputs = new BigUint64Array(outputCount);
    const count = Int32Array.of(outputCount);
    c.TFE_Execute(op, outputs, count, status);
    assertSucceeded(library, name);
    return Array.from(outputs.subarray(0, count[0]));
  } finally {
    c.TFE_DeleteOp(op);
  }
}
