import type { ForeignLibrary } from './foreign-functions';

/** Address of something of TensorFlow's. */
export type Pointer = bigint;

/** `const void *` that may also be given as the bytes themselves. */
type Bytes = ArrayBufferView | Pointer | null;

/** The functions of TensorFlow's C API that the binding calls, by their C names. */
export interface CFunctions {
  TF_Version(): string;
  /** A serialised `KernelList` in a {@link CFunctions.TF_DeleteBuffer | TF_Buffer}: an address, then its length. */
  TF_GetRegisteredKernelsForOp(name: string, status: Pointer): Pointer;
  TF_DeleteBuffer(buffer: Pointer): void;
  TF_NewStatus(): Pointer;
  TF_GetCode(status: Pointer): number;
  TF_Message(status: Pointer): string;
  TF_SetStatus(status: Pointer, code: number, message: string): void;

  TF_AllocateTensor(type: number, sizes: BigInt64Array, rank: number, bytes: number): Pointer;
  /** A tensor in memory that stays ours; `release` is the address of a function that is called when it is deleted. */
  TF_NewTensor(
    type: number,
    sizes: BigInt64Array,
    rank: number,
    data: Pointer,
    bytes: number,
    release: Pointer,
    argument: null,
  ): Pointer;
  TF_DeleteTensor(tensor: Pointer): void;
  TF_TensorType(tensor: Pointer): number;
  TF_TensorData(tensor: Pointer): Pointer | null;
  TF_TensorByteSize(tensor: Pointer): number;
  TF_TensorElementCount(tensor: Pointer): number;
  TF_StringInit(string: Pointer): void;
  TF_StringCopy(target: Pointer, source: Bytes, size: number): void;
  TF_StringGetDataPointer(string: Pointer): Pointer;
  TF_StringGetSize(string: Pointer): number;
  TF_StringDealloc(string: Pointer): void;

  TFE_NewContextOptions(): Pointer;
  TFE_ContextOptionsSetConfig(options: Pointer, proto: Bytes, size: number, status: Pointer): void;
  TFE_ContextOptionsSetAsync(options: Pointer, enable: number): void;
  TFE_DeleteContextOptions(options: Pointer): void;
  TFE_NewContext(options: Pointer, status: Pointer): Pointer;
  TFE_DeleteContext(context: Pointer): void;
  TFE_ContextListDevices(context: Pointer, status: Pointer): Pointer;
  TF_DeviceListCount(devices: Pointer): number;
  TF_DeviceListType(devices: Pointer, index: number, status: Pointer): string;
  TF_DeviceListName(devices: Pointer, index: number, status: Pointer): string;
  TF_DeleteDeviceList(devices: Pointer): void;

  TFE_NewTensorHandle(tensor: Pointer, status: Pointer): Pointer;
  TFE_TensorHandleCopySharingTensor(handle: Pointer, status: Pointer): Pointer;
  TFE_DeleteTensorHandle(handle: Pointer): void;
  TFE_TensorHandleDataType(handle: Pointer): number;
  TFE_TensorHandleNumDims(handle: Pointer, status: Pointer): number;
  TFE_TensorHandleDim(handle: Pointer, index: number, status: Pointer): number;
  TFE_TensorHandleResolve(handle: Pointer, status: Pointer): Pointer;
  /** Where the data lies, which the handle goes on owning. */
  TFE_TensorHandleDevicePointer(handle: Pointer, status: Pointer): Pointer;
  TFE_TensorHandleCopyToDevice(
    handle: Pointer,
    context: Pointer,
    device: string,
    status: Pointer,
  ): Pointer;

  TFE_NewOp(context: Pointer, name: string, status: Pointer): Pointer;
  TFE_DeleteOp(op: Pointer): void;
  TFE_OpAddInput(op: Pointer, handle: Pointer, status: Pointer): void;
  TFE_OpSetAttrString(op: Pointer, name: string, value: Bytes, length: number): void;
  TFE_OpSetAttrStringList(
    op: Pointer,
    name: string,
    values: BigUint64Array,
    lengths: BigUint64Array,
    count: number,
  ): void;
  TFE_OpSetAttrInt(op: Pointer, name: string, value: number | bigint): void;
  TFE_OpSetAttrIntList(op: Pointer, name: string, values: BigInt64Array, count: number): void;
  TFE_OpSetAttrFloat(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrFloatList(op: Pointer, name: string, values: Float32Array, count: number): void;
  TFE_OpSetAttrBool(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrBoolList(op: Pointer, name: string, values: Uint8Array, count: number): void;
  TFE_OpSetAttrType(op: Pointer, name: string, value: number): void;
  TFE_OpSetAttrTypeList(op: Pointer, name: string, values: Int32Array, count: number): void;
  TFE_OpSetAttrShape(
    op: Pointer,
    name: string,
    sizes: BigInt64Array,
    rank: number,
    status: Pointer,
  ): void;
  TFE_OpSetAttrFunctionName(op: Pointer, name: string, value: Bytes, length: number): void;
  TFE_Execute(op: Pointer, outputs: BigUint64Array, count: Int32Array, status: Pointer): void;

  TF_NewSessionOptions(): Pointer;
  TF_DeleteSessionOptions(options: Pointer): void;
  TF_SetConfig(options: Pointer, proto: Bytes, size: number, status: Pointer): void;
  TF_NewGraph(): Pointer;
  TF_DeleteGraph(graph: Pointer): void;
  TF_GraphOperationByName(graph: Pointer, name: string): Pointer | null;
  /** The operation at `position`, which is set to that of the next one. */
  TF_GraphNextOperation(graph: Pointer, position: BigUint64Array): Pointer | null;
  TF_OperationOpType(operation: Pointer): string;
  TF_OperationNumInputs(operation: Pointer): number;
  TF_OperationAllInputs(operation: Pointer, ports: Uint8Array, count: number): void;
  TF_LoadSessionFromSavedModel(
    options: Pointer,
    runOptions: null,
    directory: string,
    tags: readonly string[],
    tagCount: number,
    graph: Pointer,
    metaGraph: null,
    status: Pointer,
  ): Pointer;
  TF_DeleteSession(session: Pointer, status: Pointer): void;
  TF_SessionRun(
    session: Pointer,
    runOptions: null,
    inputs: Uint8Array,
    inputValues: BigUint64Array,
    inputCount: number,
    outputs: Uint8Array,
    outputValues: BigUint64Array,
    outputCount: number,
    targets: BigUint64Array,
    targetCount: number,
    runMetadata: null,
    status: Pointer,
  ): void;
}

/** Their declarations; handles and arrays are all `void *` here, and told apart by the types above. */
const DECLARATIONS: Readonly<Record<keyof CFunctions, string>> = {
  TF_Version: 'const char *()',
  TF_GetRegisteredKernelsForOp: 'void *(const char *, void *)',
  TF_DeleteBuffer: 'void(void *)',
  TF_NewStatus: 'void *()',
  TF_GetCode: 'int(void *)',
  TF_Message: 'const char *(void *)',
  TF_SetStatus: 'void(void *, int, const char *)',
  TF_AllocateTensor: 'void *(int, void *, int, size_t)',
  TF_NewTensor: 'void *(int, void *, int, void *, size_t, void *, void *)',
  TF_DeleteTensor: 'void(void *)',
  TF_TensorType: 'int(void *)',
  TF_TensorData: 'void *(void *)',
  TF_TensorByteSize: 'size_t(void *)',
  TF_TensorElementCount: 'int64_t(void *)',
  TF_StringInit: 'void(void *)',
  TF_StringCopy: 'void(void *, void *, size_t)',
  TF_StringGetDataPointer: 'void *(void *)',
  TF_StringGetSize: 'size_t(void *)',
  TF_StringDealloc: 'void(void *)',
  TFE_NewContextOptions: 'void *()',
  TFE_ContextOptionsSetConfig: 'void(void *, void *, size_t, void *)',
  TFE_ContextOptionsSetAsync: 'void(void *, uint8_t)',
  TFE_DeleteContextOptions: 'void(void *)',
  TFE_NewContext: 'void *(void *, void *)',
  TFE_DeleteContext: 'void(void *)',
  TFE_ContextListDevices: 'void *(void *, void *)',
  TF_DeviceListCount: 'int(void *)',
  TF_DeviceListType: 'const char *(void *, int, void *)',
  TF_DeviceListName: 'const char *(void *, int, void *)',
  TF_DeleteDeviceList: 'void(void *)',
  TFE_NewTensorHandle: 'void *(void *, void *)',
  TFE_TensorHandleCopySharingTensor: 'void *(void *, void *)',
  TFE_DeleteTensorHandle: 'void(void *)',
  TFE_TensorHandleDataType: 'int(void *)',
  TFE_TensorHandleNumDims: 'int(void *, void *)',
  TFE_TensorHandleDim: 'int64_t(void *, int, void *)',
  TFE_TensorHandleResolve: 'void *(void *, void *)',
  TFE_TensorHandleDevicePointer: 'void *(void *, void *)',
  TFE_TensorHandleCopyToDevice: 'void *(void *, void *, const char *, void *)',
  TFE_NewOp: 'void *(void *, const char *, void *)',
  TFE_DeleteOp: 'void(void *)',
  TFE_OpAddInput: 'void(void *, void *, void *)',
  TFE_OpSetAttrString: 'void(void *, const char *, void *, size_t)',
  TFE_OpSetAttrStringList: 'void(void *, const char *, void *, void *, int)',
  TFE_OpSetAttrInt: 'void(void *, const char *, int64_t)',
  TFE_OpSetAttrIntList: 'void(void *, const char *, void *, int)',
  TFE_OpSetAttrFloat: 'void(void *, const char *, float)',
  TFE_OpSetAttrFloatList: 'void(void *, const char *, void *, int)',
  TFE_OpSetAttrBool: 'void(void *, const char *, uint8_t)',
  TFE_OpSetAttrBoolList: 'void(void *, const char *, void *, int)',
  TFE_OpSetAttrType: 'void(void *, const char *, int)',
  TFE_OpSetAttrTypeList: 'void(void *, const char *, void *, int)',
  TFE_OpSetAttrShape: 'void(void *, const char *, void *, int, void *)',
  TFE_OpSetAttrFunctionName: 'void(void *, const char *, void *, size_t)',
  TFE_Execute: 'void(void *, void *, void *, void *)',
  TF_NewSessionOptions: 'void *()',
  TF_DeleteSessionOptions: 'void(void *)',
  TF_SetConfig: 'void(void *, void *, size_t, void *)',
  TF_NewGraph: 'void *()',
  TF_DeleteGraph: 'void(void *)',
  TF_GraphOperationByName: 'void *(void *, const char *)',
  TF_GraphNextOperation: 'void *(void *, void *)',
  TF_OperationOpType: 'const char *(void *)',
  TF_OperationNumInputs: 'int(void *)',
  TF_OperationAllInputs: 'void(void *, void *, int)',
  TF_LoadSessionFromSavedModel:
    'void *(void *, void *, const char *, const char **, int, void *, void *, void *)',
  TF_DeleteSession: 'void(void *, void *)',
  TF_SessionRun:
    'void(void *, void *, void *, void *, int, void *, void *, int, void *, int, void *, void *)',
};

/** Finds every function in `library`. Throws where one is missing. */
export function declareFunctions(library: ForeignLibrary): CFunctions {
  const functions = Object.entries(DECLARATIONS).map(([name, declaration]) => [
    name,
    library.func(declaration.replace('(', ` ${name}(`)),
  ]);
  return Object.fromEntries(functions) as CFunctions;
}

/** Names of the functions that {@link declareFunctions} asks of a library. */
export function functionNames(): string[] {
  const names: string[] = [];
  const func = (declaration: string) => names.push(/(\w+)\(/.exec(declaration)?.[1] as string);
  declareFunctions({ func } as unknown as ForeignLibrary);
  return names;
}
