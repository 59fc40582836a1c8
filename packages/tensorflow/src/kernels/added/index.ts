import type { TensorFlow } from '../../tensorflow-js';
import type { PartialKernel } from '../partial-kernel';
import { draw } from './draw';
import { rotateWithOffset, transform } from './images';
import { maxPoolWithArgmax } from './max-pool-with-argmax';
import { bitwiseAnd, denseBincount, searchSorted } from './numbers';
import { raggedGather, raggedRange, raggedTensorToTensor } from './ragged';
import { sparseFillEmptyRows, sparseReshape, sparseSegmentMean, sparseSegmentSum } from './sparse';
import { stringNGrams, stringSplit, stringToHashBucketFast } from './text';

/** Kernels of TensorFlow.js's that tfjs-node has none of, on TensorFlow's ops of nearly the same names. */
export function addedKernels(tf: TensorFlow): Record<string, PartialKernel> {
  return {
    [tf.BitwiseAnd]: bitwiseAnd,
    [tf.DenseBincount]: (...call) => denseBincount(tf, ...call),
    [tf.Draw]: draw,
    [tf.MaxPoolWithArgmax]: (...call) => maxPoolWithArgmax(tf, ...call),
    [tf.RaggedGather]: raggedGather,
    [tf.RaggedRange]: raggedRange,
    [tf.RaggedTensorToTensor]: raggedTensorToTensor,
    [tf.RotateWithOffset]: (_, inputs, attributes) => rotateWithOffset(tf, inputs, attributes),
    [tf.SearchSorted]: (...call) => searchSorted(tf, ...call),
    [tf.SparseFillEmptyRows]: sparseFillEmptyRows,
    [tf.SparseReshape]: sparseReshape,
    [tf.SparseSegmentMean]: (backend, inputs) => sparseSegmentMean(tf, backend, inputs),
    [tf.SparseSegmentSum]: sparseSegmentSum,
    [tf.StringNGrams]: stringNGrams,
    [tf.StringSplit]: stringSplit,
    [tf.StringToHashBucketFast]: stringToHashBucketFast,
    [tf.Transform]: (...call) => transform(tf, ...call),
  };
}
