import type { Pointer } from '../binding/c-functions';
import {
  TF_ATTR_BOOL,
  TF_ATTR_FLOAT,
  TF_ATTR_INT,
  TF_ATTR_SHAPE,
  TF_ATTR_STRING,
  TF_ATTR_TYPE,
  TF_RESOURCE,
  TYPE_CODES,
} from '../binding/data-types';
import type { EagerContext } from '../binding/eager-context';
import type { TensorMetadata } from '../binding/native-binding';
import { assertSucceeded, type NativeLibrary } from '../binding/native-library';
import type { OpAttribute } from '../binding/op-attributes';
import { newTensor, type TensorValues } from '../binding/tensor-values';
import { type GraphFunctions, graphFunctions, type Port, portBytes } from './graph-functions';
import { GraphVariables } from './graph-variables';

/**
 * Looks like the binding that computes, and writes an operation into a graph where that one would run it: so the same
 * kernels, and the same code in TensorFlow.js above them, describe a computation once, and TensorFlow runs it as a whole.
 */
export class GraphBinding {
  readonly graph: Pointer;
  readonly #library: NativeLibrary;
  readonly #functions: GraphFunctions;
  readonly #isGpu: boolean;
  readonly #ports: Port[] = [];
  readonly #variables = new GraphVariables();
  #operationCount = 0;
  /** Operations that every operation from now on waits for. */
  #awaited: readonly Pointer[] = [];

  constructor({ library, isGpu }: Pick<EagerContext, 'library' | 'isGpu'>) {
    this.#library = library;
    this.#functions = graphFunctions(library);
    this.#isGpu = isGpu;
    this.graph = this.#functions.TF_NewGraph();
    Object.assign(this, TYPE_CODES);
  }

  isUsingGpuDevice(): boolean {
    return this.#isGpu;
  }

  /** oneDNN's kernels are for ops one by one; a graph has TensorFlow choose. */
  hasKernel(): boolean {
    return false;
  }

  /** `TF_DataType` of a value. */
  typeOf(id: number): number {
    return this.#functions.TF_OperationOutputType(this.portOf(id));
  }

  portOf(id: number): Port {
    const port = this.#ports[id];
    if (!port) throw new Error(`There is no value with number ${id} in the graph.`);
    return port;
  }

  /** An input of the graph, of a known type and shape. */
  placeholder(type: number, shape: readonly number[]): TensorMetadata {
    const [output] = this.executeOp(
      'Placeholder',
      [
        { name: 'dtype', type: TF_ATTR_TYPE, value: type },
        { name: 'shape', type: TF_ATTR_SHAPE, value: shape },
      ],
      [],
      1,
    );
    return output as TensorMetadata;
  }

  /** An input of the graph: the handle of a variable of float32. */
  variable(shape: readonly number[]): TensorMetadata {
    const handle = this.placeholder(TF_RESOURCE, []);
    this.#variables.add(handle.id, shape);
    return handle;
  }

  /** The operations that write variables, which run for that effect. */
  get effects(): readonly Pointer[] {
    return this.#variables.writes;
  }

  /** Every operation added from now on runs after those that made `ids`. */
  runAfter(ids: readonly number[]): void {
    this.#awaited = ids.map((id) => this.portOf(id).oper);
  }

  createTensor(shape: readonly number[], type: number, values: TensorValues): number {
    const { TF_NewOperation, TF_SetAttrType, TF_SetAttrTensor, TF_FinishOperation } =
      this.#functions;
    const { c, status } = this.#library;
    const tensor = newTensor(this.#library, shape, type, values);
    const description = TF_NewOperation(this.graph, 'Const', this.#name('Const'));
    TF_SetAttrType(description, 'dtype', type);
    TF_SetAttrTensor(description, 'value', tensor, status);
    const oper = TF_FinishOperation(description, status);
    c.TF_DeleteTensor(tensor);
    assertSucceeded(this.#library, 'a constant');
    return this.#add({ oper, index: 0 });
  }

  /** A graph keeps its values. */
  deleteTensor(): void {}

  tensorDataSync(): never {
    throw new Error('A value in a graph has no data before the graph runs.');
  }

  /** @throws where the shape of an output is known only when the graph runs */
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputIds: readonly number[],
    _outputCount: number,
  ): TensorMetadata[] {
    const oper = this.operation(name, attributes, inputIds);
    const shape = this.#variables.shapeRead(name, inputIds);
    if (shape) this.#setShape({ oper, index: 0 }, shape);
    const count = this.#functions.TF_OperationNumOutputs(oper);
    return Array.from({ length: count }, (_, index) => this.#describe({ oper, index }, name));
  }

  /** Adds an operation, whatever outputs it has. */
  operation(
    name: string,
    attributes: readonly OpAttribute[],
    inputIds: readonly number[],
  ): Pointer {
    const { TF_NewOperation, TF_AddControlInput, TF_FinishOperation } = this.#functions;
    const description = TF_NewOperation(this.graph, name, this.#name(name));
    this.#addInputs(description, attributes, inputIds);
    const awaited = new Set([...this.#awaited, ...this.#variables.awaitedBy(name, inputIds)]);
    for (const operation of awaited) TF_AddControlInput(description, operation);
    for (const attribute of attributes) this.#setAttribute(description, attribute);
    const oper = TF_FinishOperation(description, this.#library.status);
    assertSucceeded(this.#library, name);
    this.#variables.note(name, inputIds, oper);
    return oper;
  }

  /** Of operations with a list of inputs (`ConcatV2`, `AddN`, `Pack`), which come first, `N` is how many those are. */
  #addInputs(
    description: Pointer,
    attributes: readonly OpAttribute[],
    inputIds: readonly number[],
  ): void {
    const { TF_AddInput, TF_AddInputList } = this.#functions;
    const ports = inputIds.map((id) => this.portOf(id));
    const length = Number(attributes.find(({ name }) => name === 'N')?.value ?? 0);
    if (length > 0) TF_AddInputList(description, portBytes(ports.slice(0, length)), length);
    for (const port of ports.slice(length)) TF_AddInput(description, port);
  }

  /** What the graph itself cannot know: the shape of what a variable holds. */
  #setShape(port: Port, shape: readonly number[]): void {
    const sizes = BigInt64Array.from(shape, BigInt);
    const { status } = this.#library;
    this.#functions.TF_GraphSetTensorShape(
      ...([this.graph, port, sizes, shape.length, status] as const),
    );
    assertSucceeded(this.#library, 'the shape of a variable');
  }

  close(): void {
    this.#functions.TF_DeleteGraph(this.graph);
  }

  #name(type: string): string {
    return `${type}_${this.#operationCount++}`;
  }

  #add(port: Port): number {
    return this.#ports.push(port) - 1;
  }

  #describe(port: Port, name: string): TensorMetadata {
    const { TF_GraphGetTensorNumDims, TF_GraphGetTensorShape, TF_OperationOutputType } =
      this.#functions;
    const { status } = this.#library;
    const rank = TF_GraphGetTensorNumDims(this.graph, port, status);
    const sizes = new BigInt64Array(Math.max(0, rank));
    if (rank > 0) TF_GraphGetTensorShape(this.graph, port, sizes, rank, status);
    const shape = Array.from(sizes, Number);
    if (rank < 0 || shape.some((size) => size < 0)) {
      throw new Error(`The shape of what ${name} computes is not known before it runs.`);
    }
    return { id: this.#add(port), shape, dtype: TF_OperationOutputType(port) };
  }

  #setAttribute(description: Pointer, { name, type, value }: OpAttribute): void {
    const f = this.#functions;
    const isList = Array.isArray(value);
    if (type === TF_ATTR_STRING && !isList) {
      const bytes = Buffer.from(value);
      f.TF_SetAttrString(description, name, bytes, bytes.length);
    } else if (type === TF_ATTR_INT && isList) {
      f.TF_SetAttrIntList(description, name, BigInt64Array.from(value, BigInt), value.length);
    } else if (type === TF_ATTR_INT) f.TF_SetAttrInt(description, name, value);
    else if (type === TF_ATTR_FLOAT && !isList) f.TF_SetAttrFloat(description, name, value);
    else if (type === TF_ATTR_BOOL && !isList) f.TF_SetAttrBool(description, name, Number(value));
    else if (type === TF_ATTR_TYPE && !isList) f.TF_SetAttrType(description, name, value);
    else if (type === TF_ATTR_SHAPE) {
      const sizes = BigInt64Array.from(value as number[], BigInt);
      f.TF_SetAttrShape(description, name, sizes, sizes.length);
    } else throw new Error(`The attribute ${name} cannot be written into a graph.`);
  }
}
