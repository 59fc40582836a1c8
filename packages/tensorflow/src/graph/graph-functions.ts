import type { Pointer } from '../binding/c-functions';
import type { NativeLibrary } from '../binding/native-library';

/** `TF_Output`: one output of an operation in a graph. */
export interface Port {
  readonly oper: Pointer;
  readonly index: number;
}

/** The functions of TensorFlow's C API that build graphs and make functions of them, by their C names. */
export interface GraphFunctions {
  TF_NewGraph(): Pointer;
  TF_DeleteGraph(graph: Pointer): void;
  TF_NewOperation(graph: Pointer, type: string, name: string): Pointer;
  TF_AddInput(description: Pointer, port: Port): void;
  TF_AddInputList(description: Pointer, ports: Uint8Array, count: number): void;
  TF_AddControlInput(description: Pointer, operation: Pointer): void;
  TF_SetAttrString(description: Pointer, name: string, value: Uint8Array, length: number): void;
  TF_SetAttrInt(description: Pointer, name: string, value: number | bigint): void;
  TF_SetAttrIntList(description: Pointer, name: string, values: BigInt64Array, count: number): void;
  TF_SetAttrFloat(description: Pointer, name: string, value: number): void;
  TF_SetAttrBool(description: Pointer, name: string, value: number): void;
  TF_SetAttrType(description: Pointer, name: string, value: number): void;
  TF_SetAttrShape(description: Pointer, name: string, sizes: BigInt64Array, rank: number): void;
  TF_SetAttrTensor(description: Pointer, name: string, value: Pointer, status: Pointer): void;
  TF_FinishOperation(description: Pointer, status: Pointer): Pointer;
  TF_OperationNumOutputs(operation: Pointer): number;
  TF_OperationOutputType(port: Port): number;
  TF_GraphSetTensorShape(
    graph: Pointer,
    port: Port,
    sizes: BigInt64Array,
    rank: number,
    status: Pointer,
  ): void;
  TF_GraphGetTensorNumDims(graph: Pointer, port: Port, status: Pointer): number;
  TF_GraphGetTensorShape(
    graph: Pointer,
    port: Port,
    sizes: BigInt64Array,
    rank: number,
    status: Pointer,
  ): void;
  TF_GraphToFunctionWithControlOutputs(
    graph: Pointer,
    name: string,
    appendHash: number,
    operationCount: number,
    operations: null,
    inputCount: number,
    inputs: Uint8Array,
    outputCount: number,
    outputs: Uint8Array,
    outputNames: null,
    controlCount: number,
    controls: BigUint64Array,
    controlNames: null,
    options: null,
    description: null,
    status: Pointer,
  ): Pointer;
  TF_DeleteFunction(func: Pointer): void;
  TFE_ContextAddFunction(context: Pointer, func: Pointer, status: Pointer): void;
  TFE_ContextRemoveFunction(context: Pointer, name: string, status: Pointer): void;
}

const P = 'void *';
const S = 'const char *';

/** Result and parameters of each; `port` is the structure passed by value. */
const SIGNATURES: Readonly<Record<keyof GraphFunctions, readonly [string, ...string[]]>> = {
  TF_NewGraph: [P],
  TF_DeleteGraph: ['void', P],
  TF_NewOperation: [P, P, S, S],
  TF_AddInput: ['void', P, 'port'],
  TF_AddInputList: ['void', P, P, 'int'],
  TF_AddControlInput: ['void', P, P],
  TF_SetAttrString: ['void', P, S, P, 'size_t'],
  TF_SetAttrInt: ['void', P, S, 'int64_t'],
  TF_SetAttrIntList: ['void', P, S, P, 'int'],
  TF_SetAttrFloat: ['void', P, S, 'float'],
  TF_SetAttrBool: ['void', P, S, 'uint8_t'],
  TF_SetAttrType: ['void', P, S, 'int'],
  TF_SetAttrShape: ['void', P, S, P, 'int'],
  TF_SetAttrTensor: ['void', P, S, P, P],
  TF_FinishOperation: [P, P, P],
  TF_OperationNumOutputs: ['int', P],
  TF_OperationOutputType: ['int', 'port'],
  TF_GraphSetTensorShape: ['void', P, 'port', P, 'int', P],
  TF_GraphGetTensorNumDims: ['int', P, 'port', P],
  TF_GraphGetTensorShape: ['void', P, 'port', P, 'int', P],
  TF_GraphToFunctionWithControlOutputs: [
    P,
    ...[P, S, 'uint8_t', 'int', P, 'int', P, 'int', P, P, 'int', P, P, P, P, P],
  ],
  TF_DeleteFunction: ['void', P],
  TFE_ContextAddFunction: ['void', P, P, P],
  TFE_ContextRemoveFunction: ['void', P, S, P],
};

const declared = new WeakMap<NativeLibrary, GraphFunctions>();

/** Finds every function in `library`, once. Throws where one is missing. */
export function graphFunctions(library: NativeLibrary): GraphFunctions {
  const known = declared.get(library) ?? declare(library);
  declared.set(library, known);
  return known;
}

function declare({ koffi, path }: NativeLibrary): GraphFunctions {
  const handle = koffi.load(path);
  const port = koffi.struct({ oper: P, index: 'int' });
  const functions = Object.entries(SIGNATURES).map(([name, [result, ...parameters]]) => [
    name,
    handle.func(
      name,
      result,
      parameters.map((parameter) => (parameter === 'port' ? port : parameter)),
    ),
  ]);
  return Object.fromEntries(functions) as GraphFunctions;
}

/** Bytes of `TF_Output`: an operation's address, and the index of one of its outputs. */
const PORT_BYTES = 16;

/** Ports as an array of C's. */
export function portBytes(ports: readonly Port[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(ports.length * PORT_BYTES));
  ports.forEach(({ oper, index }, position) => {
    bytes.setBigUint64(position * PORT_BYTES, oper, true);
    bytes.setInt32(position * PORT_BYTES + 8, index, true);
  });
  return new Uint8Array(bytes.buffer);
}
