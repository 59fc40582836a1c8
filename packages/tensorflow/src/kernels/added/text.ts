import type {
  StringNGramsAttrs,
  StringSplitAttrs,
  StringToHashBucketFastAttrs,
  Tensor,
} from '@tensorflow/tfjs-core';
import { TF_INT32 } from '../../binding/data-types';
import type { NodeBackend } from '../../node-backend';
import { bool, integer, integers, text, type } from '../attributes';
import { executeWithLongs } from '../execute-with-longs';
import type { Inputs } from '../partial-kernel';

/** Neighbouring strings joined to n-grams. */
export function stringNGrams(
  backend: NodeBackend,
  { data, dataSplits }: Inputs<'data' | 'dataSplits'>,
  attributes: StringNGramsAttrs,
): Tensor[] {
  return backend.executeMultipleOutputs(
    'StringNGrams',
    [
      text('separator', attributes.separator),
      integers('ngram_widths', attributes.nGramWidths),
      text('left_pad', attributes.leftPad),
      text('right_pad', attributes.rightPad),
      integer('pad_width', attributes.padWidth),
      bool('preserve_short_sequences', attributes.preserveShortSequences),
      type('Tsplits', TF_INT32),
    ],
    [data, dataSplits],
    2,
  );
}

/** Strings cut at each character of `delimiter`: indices, pieces, and the shape of a matrix that holds them. */
export function stringSplit(
  backend: NodeBackend,
  { input, delimiter }: Inputs<'input' | 'delimiter'>,
  { skipEmpty }: StringSplitAttrs,
): Tensor[] {
  const attributes = [bool('skip_empty', skipEmpty)];
  return executeWithLongs(backend, 'StringSplit', attributes, [input, delimiter], 3);
}

/** A number below `numBuckets` for each string, always the same one. */
export function stringToHashBucketFast(
  backend: NodeBackend,
  { input }: Inputs<'input'>,
  { numBuckets }: StringToHashBucketFastAttrs,
): Tensor {
  const attributes = [integer('num_buckets', numBuckets)];
  const [buckets] = executeWithLongs(backend, 'StringToHashBucketFast', attributes, [input], 1);
  return buckets!;
}
