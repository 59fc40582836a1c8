import type { DataType, Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../../src/tensorflow-js';
import { mixedTensor, NUMERIC, smallTensor } from './edge-values';
import type { KernelCase } from './kernel-case';

type Compute = (tf: TensorFlow, x: Tensor, dtype: DataType) => Tensor | Tensor[];

const pairs = (...list: [number, number][]) => list;

/** What moves elements about, for each type of elements; `x` is [2, 3, 4]. */
const MOVES: Readonly<Record<string, Compute>> = {
  transpose: (tf, x) => tf.transpose(x, [2, 0, 1]),
  reshape: (tf, x) => tf.reshape(x, [6, -1]),
  expandDims: (tf, x) => tf.expandDims(x, 1),
  slice: (tf, x) => tf.slice(x, [0, 1, 1], [2, 2, 2]),
  'slice to nothing': (tf, x) => tf.slice(x, [0, 1, 1], [2, 0, 2]),
  stridedSlice: (tf, x) => tf.stridedSlice(x, [1, 2, 3], [0, 0, -5], [-1, -1, -2]),
  concat: (tf, x) => tf.concat([x, x, tf.slice(x, [0, 0, 0], [2, 3, 0])], 2),
  split: (tf, x) => tf.split(x, [1, 2], 1),
  stack: (tf, x) => tf.stack([x, x], 1),
  unstack: (tf, x) => tf.unstack(x, 2),
  tile: (tf, x) => tf.tile(x, [2, 1, 3]),
  reverse: (tf, x) => tf.reverse(x, [0, 2]),
  gather: (tf, x) => tf.gather(x, tf.tensor1d([2, 0, 1, 2], 'int32'), 1),
  'gather from the end': (tf, x) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), -1),
  'gather by batch': (tf, x) => tf.gather(x, tf.tensor2d([2, 0, 1, 2], [2, 2], 'int32'), 1, 1),
  gatherND: (tf, x) => tf.gatherND(x, tf.tensor2d([0, 1, 1, 2], [2, 2], 'int32')),
  pad: (tf, x) => tf.pad(x, pairs([0, 1], [2, 0], [1, 1]), 1),
  mirrorPad: (tf, x) => tf.mirrorPad(x, pairs([0, 1], [1, 1], [2, 2]), 'reflect'),
  'mirrorPad symmetric': (tf, x) => tf.mirrorPad(x, pairs([1, 2], [0, 0], [2, 4]), 'symmetric'),
  broadcastTo: (tf, x) => tf.broadcastTo(tf.slice(x, [0, 0, 0], [1, 3, 1]), [2, 3, 4]),
  where: (tf, x) => tf.where(tf.equal(x, x), x, tf.zerosLike(x)),
  scatterND: (tf, x) => tf.scatterND(tf.tensor2d([1, 0], [2, 1], 'int32'), x, [4, 3, 4]),
  tensorScatterUpdate: (tf, x) =>
    tf.tensorScatterUpdate(x, tf.tensor2d([1], [1, 1], 'int32'), tf.slice(x, 0, 1)),
  sparseToDense: (tf, x, dtype) =>
    tf.sparseToDense(
      ...([tf.tensor1d([1, 4, 3], 'int32'), tf.gather(tf.reshape(x, [24]), [1, 2, 3])] as const),
      [6],
      tf.scalar(dtype === 'bool' ? 1 : 5, dtype as 'int32'),
    ),
  fill: (tf, _, dtype) => tf.fill([2, 3], 1, dtype as 'int32'),
  unique: (tf, x) => Object.values(tf.unique(tf.reshape(x, [24]))),
  'unique rows': (tf, x) => Object.values(tf.unique(tf.concat([x, x], 1), 1)),
  topk: (tf, x) => Object.values(tf.topk(x, 3)),
  'topk of one': (tf, x) => Object.values(tf.topk(tf.reshape(x, [24]), 1)),
  cast: (tf, x) => NUMERIC.map((dtype) => tf.cast(x, dtype)),
  oneHot: (tf, x) => tf.oneHot(tf.cast(x, 'int32'), 3),
  unsortedSegmentSum: (tf, x) =>
    tf.unsortedSegmentSum(tf.transpose(x, [1, 0, 2]), tf.tensor1d([1, 0, 1], 'int32'), 3),
  batchToSpaceND: (tf, x) =>
    tf.batchToSpaceND(tf.reshape(x, [4, 2, 3, 1]), [2, 2], pairs([0, 1], [1, 0])),
  spaceToBatchND: (tf, x) =>
    tf.spaceToBatchND(tf.reshape(x, [1, 3, 4, 2]), [2, 2], pairs([1, 0], [0, 2])),
  depthToSpace: (tf, x) => tf.depthToSpace(tf.reshape(x, [1, 2, 3, 4]) as Tensor4D, 2),
  'concat with fractions': (tf, x) => tf.concat([x, mixedTensor(tf, [2, 3, 4])]),
  'where with fractions': (tf, x) => tf.where(tf.greater(x, 0), x, mixedTensor(tf, [2, 3, 4])),
  'einsum with fractions': (tf, x) => tf.einsum('ijk,ijl->ikl', x, mixedTensor(tf, [2, 3, 4])),
  'add of six axes': (tf, x) =>
    tf.add(
      tf.reshape(tf.slice(x, 0, 1), [1, 2, 1, 3, 1, 2]),
      tf.reshape(tf.slice(x, 0, 1), [3, 1, 2, 1, 2, 1]),
    ),
  'greater of six axes': (tf, x) =>
    tf.greater(
      tf.reshape(tf.slice(x, 0, 1), [1, 2, 1, 3, 1, 2]),
      tf.reshape(tf.slice(x, 0, 1), [3, 1, 2, 1, 2, 1]),
    ),
  'cumsum of one': (tf, x) => tf.cumsum(tf.reshape(tf.slice(x, [1, 1, 1], [1, 1, 1]), [])),
  'cumsum from the end': (tf, x) => tf.cumsum(x, -1),
  'matMul, batches stretched': (tf, x) =>
    tf.matMul(tf.reshape(x, [2, 1, 3, 4]), tf.reshape(x, [1, 2, 4, 3])),
  'pad cutting off': (tf, x) => tf.pad(x, pairs([-1, 0], [0, -1], [1, -1])),
  'addN of three': (tf, x) => tf.addN([x, x, x]),
  clipByValue: (tf, x) => tf.clipByValue(x, -1, 1),
  einsum: (tf, x) => tf.einsum('ijk,ilk->ijl', x, x),
  matMul: (tf, x) => tf.matMul(tf.reshape(x, [4, 6]), tf.reshape(x, [4, 6]), true),
  'matMul by batch': (tf, x) => tf.matMul(x, x, false, true),
  'matMul of nothing': (tf, x) =>
    tf.matMul(tf.slice(tf.reshape(x, [6, 4]), 0, 0), tf.reshape(x, [4, 6])),
  'matMul over nothing': (tf, x) => tf.matMul(tf.zeros([2, 0], x.dtype), tf.zeros([0, 3], x.dtype)),
  broadcastArgs: (tf) =>
    tf.broadcastArgs(tf.tensor1d([1, 3], 'int32'), tf.tensor1d([5, 2, 1], 'int32')),
  equal: (tf, x) => tf.equal(x, tf.reverse(x)),
  isInf: (tf, x) => tf.isInf(tf.cast(x, 'float32')),
};

/** What makes tensors, or takes others than these. */
const OTHERS: Readonly<Record<string, (tf: TensorFlow) => Tensor | Tensor[]>> = {
  'range backwards': (tf) => tf.range(5, -3, -2, 'int32'),
  'range of fractions': (tf) => tf.range(0, 1, 0.3),
  linspace: (tf) => tf.linspace(-1, 2, 7),
  'linspace of one': (tf) => tf.linspace(3, 5, 1),
  complex: (tf) => {
    const x = tf.complex(mixedTensor(tf, [2, 4]), smallTensor(tf, [2, 4]));
    return [
      tf.real(x),
      tf.imag(x),
      tf.abs(x),
      ...[tf.fft(x), tf.ifft(x)].flatMap((y) => [tf.real(y), tf.imag(y)]),
    ];
  },
  'complex arithmetic': (tf) => {
    const [a, b] = [tf.complex([1, 2], [3, -4]), tf.complex([0.5, -1], [2, 1])];
    return [tf.add(a, b), tf.sub(a, b), tf.mul(a, b), tf.transpose(a), tf.concat([a, b])].flatMap(
      (y) => [...[tf.real(y), tf.imag(y)]],
    );
  },
  rfft: (tf) => {
    const y = tf.spectral.rfft(mixedTensor(tf, [3, 8]));
    return [tf.real(y), tf.imag(y), tf.spectral.irfft(y)];
  },
  'multinomial of certainty': (tf) => tf.multinomial(tf.tensor2d([0, 1, 0], [1, 3]), 4, 1, true),
  bincount: (tf) =>
    tf.bincount(tf.tensor1d([1, 0, 3, 1, 9], 'int32'), tf.tensor1d([1, 2, 3, 4, 5]), 4),
  'bincount without weights': (tf) =>
    tf.bincount(tf.tensor1d([1, 0, 3, 1], 'int32'), tf.tensor1d([]), 5),
  denseBincount: (tf) =>
    tf.denseBincount(tf.tensor1d([1, 0, 3, 1, 9], 'int32'), tf.tensor1d([1, 2, 3, 4, 5]), 4),
  'denseBincount of rows': (tf) =>
    tf.denseBincount(
      tf.tensor2d([1, 0, 3, 1, 1, 9], [2, 3], 'int32'),
      tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]),
      4,
    ),
  'denseBincount of rows, whether': (tf) =>
    tf.denseBincount(
      tf.tensor2d([1, 0, 3, 1, 1, 9], [2, 3], 'int32'),
      tf.tensor2d([], [0, 0]),
      4,
      true,
    ),
  'denseBincount of a row, whether': (tf) =>
    tf.denseBincount(tf.tensor1d([0, 1, 1], 'int32'), tf.tensor1d([1, 2, 3]), 3, true),
  'unique of what is not a number': (tf) =>
    Object.values(tf.unique(tf.tensor1d([Number.NaN, 1, Number.NaN]))),
  searchSorted: (tf) => {
    const [sorted, values] = [
      tf.tensor2d([-1, 0, 0, 3, 0, 2, 4, 6], [2, 4]),
      tf.tensor2d([0, 5, -2, 2], [2, 2]),
    ];
    return [tf.searchSorted(sorted, values, 'left'), tf.searchSorted(sorted, values, 'right')];
  },
  'searchSorted of integers': (tf) => [
    tf.lowerBound(tf.tensor1d([1, 2, 2, 5], 'int32'), tf.tensor1d([2, 7, 0], 'int32')),
    tf.upperBound(tf.tensor1d([1, 2, 2, 5], 'int32'), tf.tensor1d([2, 7, 0], 'int32')),
  ],
  'searchSorted of two types': (tf) =>
    tf.lowerBound(tf.tensor1d([1, 2, 5]), tf.tensor1d([2, 7, 0], 'int32')),
  bitwiseAnd: (tf) =>
    tf.bitwiseAnd(tf.tensor1d([6, -1, 255], 'int32'), tf.tensor1d([3, 77, -2], 'int32')),
  'sparse reshape': (tf) => {
    const indices = tf.tensor2d([0, 0, 1, 2, 2, 1], [3, 2], 'int32');
    const [from, to] = [tf.tensor1d([3, 4], 'int32'), tf.tensor1d([6, -1], 'int32')];
    return Object.values(tf.sparse.sparseReshape(indices, from, to));
  },
  'sparse segments': (tf) =>
    (['float32', 'int32'] as const).flatMap((dtype) => {
      const data = smallTensor(tf, [4, 3], dtype) as Tensor<Rank.R2>;
      const ids = [tf.tensor1d([0, 1, 3, 2], 'int32'), tf.tensor1d([0, 0, 0, 2], 'int32')] as const;
      return [tf.sparse.sparseSegmentSum(data, ...ids), tf.sparse.sparseSegmentMean(data, ...ids)];
    }),
  'sparse fill': (tf) =>
    (['float32', 'int32'] as const).flatMap((dtype) =>
      Object.values(
        tf.sparse.sparseFillEmptyRows(
          tf.tensor2d([0, 1, 2, 0, 2, 3], [3, 2], 'int32'),
          ...([tf.tensor1d([5, 6, 7], dtype), tf.tensor1d([4, 4], 'int32')] as const),
          tf.scalar(-1, dtype),
        ),
      ),
    ),
  raggedRange: (tf) =>
    Object.values(
      tf.raggedRange(
        tf.tensor1d([0, 5, 8], 'int32'),
        tf.tensor1d([3, 5, 2], 'int32'),
        tf.tensor1d([1, 1, -2], 'int32'),
      ),
    ),
  raggedGather: (tf) => {
    const { outputNestedSplits, outputDenseValues } = tf.raggedGather(
      [tf.tensor1d([0, 3, 3, 7, 9], 'int32')],
      ...([
        tf.tensor1d([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
        tf.tensor1d([2, 1, 0, 3], 'int32'),
        1,
      ] as const),
    ) as { outputNestedSplits: Tensor[]; outputDenseValues: Tensor };
    return [...outputNestedSplits, outputDenseValues];
  },
  raggedTensorToTensor: (tf) =>
    tf.raggedTensorToTensor(
      ...([
        tf.tensor1d([4, 4], 'int32'),
        tf.tensor1d([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
        tf.scalar(1.5),
      ] as const),
      ...([[tf.tensor1d([0, 3, 3, 7, 9], 'int32')], ['ROW_SPLITS']] as const as [
        Tensor[],
        string[],
      ]),
    ),
  strings: (tf) => [
    ...Object.values(tf.string.stringSplit(['hello world', ' a  b', ''], ' ')),
    ...Object.values(tf.string.stringSplit(['a,b;c', ';'], ',;', false)),
    tf.string.stringToHashBucketFast(['a', 'b', 'ü', ''], 1000),
    tf.string.staticRegexReplace(tf.tensor1d(['aab', 'b']), 'a+', 'x'),
    ...Object.values(
      tf.string.stringNGrams(
        ['a', 'b', 'c', 'd', 'e'],
        tf.tensor1d([0, 2, 5], 'int32'),
        '|',
        [1, 3],
        'L',
        'R',
        -1,
        false,
      ),
    ),
  ],
  'moves of strings': (tf) => {
    const x = smallTensor(tf, [2, 3], 'string');
    return [
      tf.reshape(x, [3, 2]),
      tf.slice(x, [0, 1], [2, 2]),
      tf.concat([x, x], 0),
      tf.reverse(x as Tensor, 1),
      tf.tile(x, [1, 2]),
      tf.transpose(x),
      tf.expandDims(x),
    ];
  },
};

/** What moves elements about, of each type, and what makes tensors. */
export function structuralCases(): KernelCase[] {
  const moves = Object.entries(MOVES).flatMap(([name, compute]) =>
    NUMERIC.map((dtype) => ({
      name: `${name} ${dtype}`,
      compute: (tf: TensorFlow) => compute(tf, smallTensor(tf, [2, 3, 4], dtype), dtype),
    })),
  );
  const others = Object.entries(OTHERS).map(([name, compute]) => ({ name, compute }));
  return [...moves, ...others];
}
