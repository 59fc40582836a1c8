import { availableParallelism } from 'node:os';
import type { Pointer } from './c-functions';
import { type ContextConfig, configProto } from './config-proto';
import { TYPE_CODES } from './data-types';
import { createEagerContext, type EagerContext } from './eager-context';
import { executeOp } from './execute-op';
import { hasKernelFor, type NativeLibrary } from './native-library';
import type { OpAttribute } from './op-attributes';
import { closeSavedModel, openSavedModel, runSavedModel, type SavedModel } from './saved-models';
import { SharedConstants } from './shared-constants';
import { type ReadValues, readHandle, type TensorValues } from './tensor-values';

/** A tensor of the binding: its number, its shape, and its `TF_DataType`. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** Things by numbers that are never given twice. */
class Registry<Entry> {
  readonly #kind: string;
  readonly #entries = new Map<number, Entry>();
  #next = 0;

  constructor(kind: string) {
    this.#kind = kind;
  }

  get size(): number {
    return this.#entries.size;
  }

  add(entry: Entry): number {
    this.#entries.set(this.#next, entry);
    return this.#next++;
  }

  get(id: number): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error(`There is no ${this.#kind} with number ${id}.`);
    return entry;
  }

  take(id: number): Entry {
    const entry = this.get(id);
    this.#entries.delete(id);
    return entry;
  }

  takeAll(): Entry[] {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    return entries;
  }
}

/**
 * What tfjs-node's compiled add-on offers its JavaScript (`TFJSBinding`), on TensorFlow's C API. int64
 * tensors are made from `Int32Array` (pairs of words, the low one first) and read as `BigInt64Array`.
 */
export class NativeBinding {
  readonly TF_Version: string;
  /** Threads inside of one op. */
  readonly threads: number;
  readonly #eager: EagerContext;
  readonly #config: Uint8Array;
  readonly #constants: SharedConstants;
  readonly #tensors = new Registry<Pointer>('tensor');
  readonly #savedModels = new Registry<SavedModel>('SavedModel');
  readonly #beforeClose: (() => void)[] = [];

  constructor(library: NativeLibrary, config: ContextConfig = {}) {
    this.#eager = createEagerContext(library, config);
    this.#config = configProto(config);
    this.#constants = new SharedConstants(this.#eager);
    this.TF_Version = library.c.TF_Version();
    this.threads = config.threads ?? availableParallelism();
    Object.assign(this, TYPE_CODES);
  }

  get #library(): NativeLibrary {
    return this.#eager.library;
  }

  /** What the binding computes with, for those who call TensorFlow themselves. */
  get eager(): EagerContext {
    return this.#eager;
  }

  /** The handle of a tensor; the binding goes on owning it. */
  handleOf(id: number): Pointer {
    return this.#tensors.get(id);
  }

  /** Takes a handle over and gives it a number. */
  adopt(handle: Pointer): TensorMetadata {
    return this.#describe(handle);
  }

  /** `TF_DataType` of a tensor, whatever its metadata say. */
  typeOf(id: number): number {
    return this.#library.c.TFE_TensorHandleDataType(this.#tensors.get(id));
  }

  isUsingGpuDevice(): boolean {
    return this.#eager.isGpu;
  }

  /** Whether TensorFlow has a kernel for an op, on whatever device. */
  hasKernel(op: string): boolean {
    return hasKernelFor(this.#library, op);
  }

  createTensor(shape: readonly number[], type: number, values: TensorValues): number {
    return this.#tensors.add(this.#constants.create(shape, type, values));
  }

  deleteTensor(id: number): void {
    this.#library.c.TFE_DeleteTensorHandle(this.#tensors.take(id));
  }

  tensorDataSync(id: number): ReadValues {
    return readHandle(this.#library, this.#tensors.get(id));
  }

  getNumOfTensors(): number {
    return this.#tensors.size;
  }

  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputIds: readonly number[],
    outputCount: number,
  ): TensorMetadata[] {
    const inputs = inputIds.map((id) => this.#tensors.get(id));
    const outputs = executeOp(this.#eager, name, attributes, inputs, outputCount);
    return outputs.map((handle) => this.#describe(handle));
  }

  loadSavedModel(directory: string, tags: string): number {
    return this.#savedModels.add(
      openSavedModel(this.#library, directory, tags.split(','), this.#config),
    );
  }

  runSavedModel(
    id: number,
    inputIds: readonly number[],
    inputNames: string,
    outputNames: string,
  ): TensorMetadata[] {
    const names = inputNames === '' ? [] : inputNames.split(',');
    if (names.length !== inputIds.length) {
      throw new Error(`The SavedModel takes ${names.length} inputs, not ${inputIds.length}.`);
    }
    const inputs = new Map(
      names.map((name, index) => [name, this.#tensors.get(inputIds[index] as number)]),
    );
    const model = this.#savedModels.get(id);
    const outputs = runSavedModel(this.#library, model, inputs, outputNames.split(','));
    return outputs.map((handle) => this.#describe(handle));
  }

  deleteSavedModel(id: number): void {
    closeSavedModel(this.#library, this.#savedModels.take(id));
  }

  getNumOfSavedModels(): number {
    return this.#savedModels.size;
  }

  /** Has `action` done before the context is freed. */
  beforeClose(action: () => void): void {
    this.#beforeClose.push(action);
  }

  /** Frees every tensor, every SavedModel and the context. */
  close(): void {
    const { c } = this.#library;
    for (const action of this.#beforeClose.splice(0)) action();
    this.#constants.clear();
    for (const handle of this.#tensors.takeAll()) c.TFE_DeleteTensorHandle(handle);
    for (const model of this.#savedModels.takeAll()) closeSavedModel(this.#library, model);
    c.TFE_DeleteContext(this.#eager.context);
    this.#eager.isClosed = true;
  }

  #describe(handle: Pointer): TensorMetadata {
    const { c, status } = this.#library;
    const rank = c.TFE_TensorHandleNumDims(handle, status);
    const shape: number[] = [];
    for (let axis = 0; axis < rank; axis++) {
      shape.push(c.TFE_TensorHandleDim(handle, axis, status));
    }
    return { id: this.#tensors.add(handle), shape, dtype: c.TFE_TensorHandleDataType(handle) };
  }
}
