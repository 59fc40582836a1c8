import type { HeapArray, KernelCall } from '@dlcmp/kernels';
import {
  createDeviceRuntime,
  type DeviceRuntime,
  type DeviceSession,
} from './c-api/device-session';
import { loadOrtLibrary, type OrtLibrary } from './c-api/ort-library';
import { MULTIPLY_NATIVELY } from './native-multiply';
import { buildProduct, type Transposed } from './product-model';

/** Matrices on the heap one after the other: [count × rows × columns] floats. */
export interface HeapMatrices {
  readonly data: HeapArray;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Matrix products between fixed places in memory, each computed by the thread that asks for it: so threads can work on
 * different parts of an image, each within its own cache.
 */
export class NativeProducts {
  readonly #ort: OrtLibrary;
  readonly #runtime: DeviceRuntime;
  readonly #sessions = new Map<Transposed, DeviceSession>();
  readonly #bound: { release(): void }[] = [];

  /** @param library ONNX Runtime's own, see `findNativeLibrary` */
  constructor(library: string) {
    this.#ort = loadOrtLibrary(library);
    this.#runtime = createDeviceRuntime(this.#ort);
  }

  /** A call that computes product = left · right, on a thread of `createProductPool`. */
  bind(
    left: HeapMatrices,
    right: HeapMatrices,
    product: HeapMatrices,
    transposed: Transposed = 'none',
  ): KernelCall {
    const tensor = ({ data, count, rows, columns }: HeapMatrices) => ({
      address: this.#ort.koffi.address(data.data),
      shape: [count, rows, columns],
    });
    const tensors = { left: tensor(left), right: tensor(right), product: tensor(product) };
    const bound = this.#open(transposed).bind(tensors, ['product']);
    this.#bound.push(bound);
    return { name: MULTIPLY_NATIVELY, numbers: bound.addresses };
  }

  /** Forgets the places in memory. */
  unbind(): void {
    for (const bound of this.#bound.splice(0)) bound.release();
  }

  release(): void {
    this.unbind();
    for (const session of this.#sessions.values()) session.release();
    this.#runtime.release();
  }

  #open(transposed: Transposed): DeviceSession {
    const session =
      this.#sessions.get(transposed) ?? this.#runtime.openSession(buildProduct(transposed));
    this.#sessions.set(transposed, session);
    return session;
  }
}
