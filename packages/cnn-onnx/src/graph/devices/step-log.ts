import type { GraphBuilder, Value } from '../../onnx/graph-builder';
import { nextName } from '../value-names';

/** Steps whose results wait on the device until they are read together. */
export const LOG_SLOTS = 32;

/** Rows of the log: a step's loss, the gradients' norm where they are clipped, and the number of the step. */
const ROWS = 3;

/** Name of the state that holds the log. */
export const LOG = 'log';
export const LOG_SHAPE = [ROWS, LOG_SLOTS] as const;

/** Names of what each step is fed: 1 at its slot and else 0, and its number. */
export const SLOT = 'slot';
export const MARK = 'mark';

/** Adds to a step's graph that its results are written into its slot of the log. */
export function addStepLog(graph: GraphBuilder, loss: Value, norm: Value | undefined): void {
  const log = graph.input(LOG, 'float32', LOG_SHAPE);
  const slot = graph.input(SLOT, 'float32', [1, LOG_SLOTS]);
  const mark = graph.input(MARK, 'float32', []);
  const rows = [loss, norm ?? loss, mark].map((value) => graph.reshape(value, 1, 1));
  const entry = graph.node('Concat', rows, { axis: 0 });
  const here = graph.node('Greater', [slot, graph.float(0)]);
  graph.output(nextName(LOG), graph.node('Where', [here, entry, log]), 'float32', LOG_SHAPE);
}

/** What the log says of a slot. */
export function logEntry(log: Float32Array, slot: number) {
  const [loss, norm, mark] = Array.from(
    { length: ROWS },
    (_, row) => log[row * LOG_SLOTS + slot] as number,
  ) as [number, number, number];
  return { loss, norm, mark };
}
