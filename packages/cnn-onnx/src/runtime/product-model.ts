import { GraphBuilder } from '../onnx/graph-builder';

/** Which factor is transposed before it is multiplied. */
export type Transposed = 'none' | 'left' | 'right';

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
