import type { InferenceSession } from 'onnxruntime-node';
import { GraphBuilder } from '../onnx/graph-builder';
import type { OnnxRuntime } from './onnx-runtime';

/** Matrices one after the other: [count × rows × columns] floats. */
export interface Matrices {
  readonly data: Float32Array;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/** Which factor is transposed before it is multiplied. */
export type Transposed = 'none' | 'left' | 'right';

const TRANSPOSED: readonly Transposed[] = ['none', 'left', 'right'];

/** Products of matrices in place, each a run of ONNX Runtime. */
export class MatrixProducts {
  readonly #runtime: OnnxRuntime;
  readonly #sessions: ReadonlyMap<Transposed, InferenceSession>;

  private constructor(runtime: OnnxRuntime, sessions: ReadonlyMap<Transposed, InferenceSession>) {
    this.#runtime = runtime;
    this.#sessions = sessions;
  }

  static async create(runtime: OnnxRuntime): Promise<MatrixProducts> {
    const sessions = await Promise.all(
      TRANSPOSED.map(async (transposed) => {
        const session = await runtime.openSession(buildProduct(transposed));
        return [transposed, session] as const;
      }),
    );
    return new MatrixProducts(runtime, new Map(sessions));
  }

  /** product = left · right, for each of the matrices. */
  async multiply(
    left: Matrices,
    right: Matrices,
    product: Matrices,
    transposed: Transposed = 'none',
  ): Promise<void> {
    const tensor = ({ data, count, rows, columns }: Matrices) =>
      this.#runtime.tensor('float32', data, [count, rows, columns]);
    await this.#sessions
      .get(transposed)
      ?.run({ left: tensor(left), right: tensor(right) }, { product: tensor(product) });
  }

  async release(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map((session) => session.release()));
  }
}

/** `product` = `left` · `right`, of so many pairs of matrices. */
export function buildProduct(transposed: Transposed): Uint8Array {
  const graph = new GraphBuilder();
  const left = graph.input('left', 'float32', ['count', 'leftRows', 'leftColumns']);
  const right = graph.input('right', 'float32', ['count', 'rightRows', 'rightColumns']);
  const product = graph.node(
    'FusedMatMul',
    [left, right],
    { transA: transposed === 'left' ? 1 : 0, transB: transposed === 'right' ? 1 : 0 },
    { domain: 'com.microsoft' },
  );
  graph.output('product', product, 'float32', ['count', 'rows', 'columns']);
  return graph.encode('product');
}
