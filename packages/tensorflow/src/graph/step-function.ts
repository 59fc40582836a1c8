import type { Pointer } from '../binding/c-functions';
import type { EagerContext } from '../binding/eager-context';
import { assertSucceeded } from '../binding/native-library';
import type { GraphBinding } from './graph-binding';
import { graphFunctions, portBytes } from './graph-functions';

/** A graph made into one op of its context. */
export interface StepFunction {
  /** Runs it on handles, in the order of its inputs. Returns handles, which the caller deletes. */
  run(inputs: readonly Pointer[]): Pointer[];
  dispose(): void;
}

/** What of a graph is the function's. */
export interface FunctionPorts {
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Operations that run for their effect. */
  readonly effects: readonly Pointer[];
}

let count = 0;

/** Makes what `binding` has gathered into a function and hands it to the context; the graph is freed. */
export function makeStepFunction(
  eager: EagerContext,
  binding: GraphBinding,
  { inputs, outputs, effects }: FunctionPorts,
): StepFunction {
  const { library, context } = eager;
  const { c, status } = library;
  const f = graphFunctions(library);
  const name = `dlcmp_step_${process.pid}_${count++}`;
  const ports = (ids: readonly number[]) => portBytes(ids.map((id) => binding.portOf(id)));
  const made = f.TF_GraphToFunctionWithControlOutputs(
    ...([binding.graph, name, 0, -1, null] as const),
    ...([inputs.length, ports(inputs), outputs.length, ports(outputs), null] as const),
    ...([effects.length, BigUint64Array.from(effects), null, null, null, status] as const),
  );
  assertSucceeded(library, 'a training step as a function');
  f.TFE_ContextAddFunction(context, made, status);
  f.TF_DeleteFunction(made);
  binding.close();
  assertSucceeded(library, 'a training step as a function');
  return {
    run: (handles) => {
      const op = c.TFE_NewOp(context, name, status);
      assertSucceeded(library, name);
      try {
        for (const handle of handles) c.TFE_OpAddInput(op, handle, status);
        const results = new BigUint64Array(outputs.length);
        c.TFE_Execute(op, results, Int32Array.of(outputs.length), status);
        assertSucceeded(library, 'a training step');
        return Array.from(results);
      } finally {
        c.TFE_DeleteOp(op);
      }
    },
    dispose: () => {
      if (!eager.isClosed) f.TFE_ContextRemoveFunction(context, name, status);
    },
  };
}
