import type { Pointer } from '../binding/c-functions';
import { TF_FLOAT } from '../binding/data-types';
import type { EagerContext } from '../binding/eager-context';
import { executeOp } from '../binding/execute-op';
import { addressOfNothing, assertSucceeded } from '../binding/native-library';
import { bool, type } from '../kernels/attributes';
import { ONEDNN_LABEL } from '../kernels/one-dnn';
import { FLOAT, POSITIONS } from './tiling';

/** oneDNN's product of two stacks of matrices. */
export const PRODUCT_OP = '_MklBatchMatMulV2';

/** A tensor [positions, rows, columns] in memory that is not TensorFlow's. */
export type Stack = Pointer;

/** Products of stacks of matrices by TensorFlow, on the thread that asks for them. */
export class StackProducts {
  readonly #eager: Pick<EagerContext, 'library' | 'context'>;
  /** Address of a function that TensorFlow may call when it is done with a stack, and that does nothing. */
  readonly #release: Pointer;
  readonly #stacks = new Map<string, Stack>();

  /** @param eager a context that computes on the thread that calls it, with a library that has a status of this thread's own */
  constructor(eager: Pick<EagerContext, 'library' | 'context'>) {
    this.#eager = eager;
    this.#release = addressOfNothing(eager.library);
  }

  /** The stack at an address, made once until {@link clear}. */
  stackAt(address: number, rows: number, columns: number): Stack {
    const key = `${address} ${rows} ${columns}`;
    const stack = this.#stacks.get(key) ?? this.#create(address, rows, columns);
    this.#stacks.set(key, stack);
    return stack;
  }

  /** Calls `use` with the address of left · right, or with `transposed` of leftᵀ · right. */
  multiply(left: Stack, right: Stack, transposed: boolean, use: (product: number) => void): void {
    const { library } = this.#eager;
    const { c, status } = library;
    const attributes = [
      type('T', TF_FLOAT),
      bool('adj_x', transposed),
      bool('adj_y', false),
      ONEDNN_LABEL,
    ];
    const [product] = executeOp(this.#eager, PRODUCT_OP, attributes, [left, right], 1) as [Pointer];
    try {
      const address = c.TFE_TensorHandleDevicePointer(product, status);
      assertSucceeded(library, 'the address of a product');
      use(Number(address));
    } finally {
      c.TFE_DeleteTensorHandle(product);
    }
  }

  /** Forgets all stacks. */
  clear(): void {
    for (const stack of this.#stacks.values()) this.#eager.library.c.TFE_DeleteTensorHandle(stack);
    this.#stacks.clear();
  }

  #create(address: number, rows: number, columns: number): Stack {
    const { library } = this.#eager;
    const { c, status } = library;
    const sizes = BigInt64Array.of(BigInt(POSITIONS), BigInt(rows), BigInt(columns));
    const bytes = POSITIONS * rows * columns * FLOAT;
    const tensor = c.TF_NewTensor(
      ...([TF_FLOAT, sizes, sizes.length, BigInt(address), bytes, this.#release, null] as const),
    );
    const stack = c.TFE_NewTensorHandle(tensor, status);
    c.TF_DeleteTensor(tensor);
    assertSucceeded(library, 'matrices of tiles');
    return stack;
  }
}
