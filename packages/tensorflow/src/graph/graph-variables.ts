import type { Pointer } from '../binding/c-functions';

interface GraphVariable {
  readonly shape: readonly number[];
  /** The operation that wrote it last. */
  write: Pointer | undefined;
  /** Those that have read it since. */
  reads: Pointer[];
}

const READ = 'ReadVariableOp';

/**
 * The variables that a graph takes as inputs. An operation that reads one waits for the last that wrote it, and one that
 * writes it for those that read it before: in the order in which the operations were added, as without a graph.
 */
export class GraphVariables {
  readonly #variables = new Map<number, GraphVariable>();
  /** Every operation that writes a variable. */
  readonly writes: Pointer[] = [];

  /** @param id number of the graph's input that is the variable's handle */
  add(id: number, shape: readonly number[]): void {
    this.#variables.set(id, { shape, write: undefined, reads: [] });
  }

  /** The shape of what an operation reads from a variable; undefined for other operations. */
  shapeRead(name: string, inputIds: readonly number[]): readonly number[] | undefined {
    return name === READ ? this.#variables.get(inputIds[0] as number)?.shape : undefined;
  }

  /** What an operation waits for because of the variables among its inputs. */
  awaitedBy(name: string, inputIds: readonly number[]): Pointer[] {
    return this.#among(inputIds).flatMap(({ write, reads }) => [
      ...(write === undefined ? [] : [write]),
      ...(name === READ ? [] : reads),
    ]);
  }

  /** To be called with every operation that was added. */
  note(name: string, inputIds: readonly number[], operation: Pointer): void {
    const variables = this.#among(inputIds);
    for (const variable of variables) {
      if (name === READ) variable.reads.push(operation);
      else Object.assign(variable, { write: operation, reads: [] });
    }
    if (variables.length > 0 && name !== READ) this.writes.push(operation);
  }

  #among(ids: readonly number[]): GraphVariable[] {
    return ids.flatMap((id) => this.#variables.get(id) ?? []);
  }
}
