import type { HeapArray } from '../kernels/shared-heap';
import {
  createDeviceRuntime,
  type DeviceRuntime,
  type DeviceSession,
} from './c-api/device-session';
import { loadOrtLibrary, type OrtLibrary } from './c-api/ort-library';
import { buildProduct, type Matrices } from './matrix-products';

/** A matrix on the heap, or several one after the other. */
export type HeapMatrices = Omit<Matrices, 'data'> & { readonly data: HeapArray };

/**
 * Matrix products between fixed places in memory, each computed by the thread that asks for it: so threads can work on
 * different parts of an image, each within its own cache.
 */
export class NativeProducts {
  readonly #ort: OrtLibrary;
  readonly #runtime: DeviceRuntime;
  readonly #session: DeviceSession;
  readonly #bound: { release(): void }[] = [];

  /** @param library ONNX Runtime's own, see `findNativeLibrary` */
  constructor(library: string) {
    this.#ort = loadOrtLibrary(library);
    this.#runtime = createDeviceRuntime(this.#ort);
    this.#session = this.#runtime.openSession(buildProduct('none'));
  }

  /** The arguments with which the kernel `multiply` computes product = left · right. */
  bind(left: HeapMatrices, right: HeapMatrices, product: HeapMatrices): readonly number[] {
    const tensor = ({ data, count, rows, columns }: HeapMatrices) => ({
      address: this.#ort.koffi.address(data.data),
      shape: [count, rows, columns],
    });
    const tensors = { left: tensor(left), right: tensor(right), product: tensor(product) };
    const bound = this.#session.bind(tensors, ['product']);
    this.#bound.push(bound);
    return bound.addresses;
  }

  release(): void {
    for (const bound of this.#bound) bound.release();
    this.#session.release();
    this.#runtime.release();
  }
}
