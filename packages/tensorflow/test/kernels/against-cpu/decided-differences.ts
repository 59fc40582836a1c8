/** Where native TensorFlow and the backend `cpu` answer differently, and ours stays as it is: cases by name, with the reason. */
export const DECIDED_DIFFERENCES: readonly (readonly [cases: RegExp, reason: string])[] = [
  [
    /^(abs|square|mul|squaredDifference) (int32|bool)/,
    'beyond what int32 holds, TensorFlow wraps the exact result around; `cpu` rounds it in float64 first',
  ],
  [/^softplus int32/, 'computed in float32, where 2,147,483,647 is 2,147,483,648'],
  [
    /^pow .*float32|^pow float32/,
    '1 to the power of anything is 1, as in C; exponents are float32',
  ],
  [
    /^mod .*float32|^mod float32/,
    'the remainder has the sign of the divisor, as in Python, for infinite ones too',
  ],
  [
    /^floorDiv .*float32|^floorDiv float32/,
    'fractions give float32, as in tfjs-node and Python; `cpu` gives int32',
  ],
  [/^sign float32/, 'the sign of NaN is NaN'],
  [
    /^(mean|max|min|logSumExp) \w+ empty/,
    'nothing has the mean NaN, the maximum -∞, the minimum ∞',
  ],
  [/^all bool empty/, 'of nothing, all are true'],
  [/^arg(Max|Min) float32 matrix/, 'NaN is where the search ends'],
  [/^arg(Max|Min) \w+ empty/, 'nothing has no maximum; `cpu` answers 0'],
  [/^soft non-max suppression/, 'soft suppression knows no threshold'],
  [
    /^avgPool.* gradient/,
    'averages leave the padding out, and so must their gradient, which finite differences confirm',
  ],
  [
    /^(gradients of conv2d|maxPool gradient) .* ceil/,
    'TensorFlow.js keeps from gradients how sizes were rounded; ours go by the sizes, which finite differences confirm',
  ],
  [
    /^(maxPool int32|avgPool3d) .* round/,
    'a window that sees nothing but padding has no maximum or mean',
  ],
  [
    /^cumsum (of one|from the end)/,
    '`cpu` sums along no axis, and along none that counts from the end',
  ],
  [/^matMul, batches stretched/, 'each matrix by each; `cpu` repeats them in another order'],
  [
    /^concat with fractions/,
    'of several types, the widest; `cpu` takes the first, and cuts fractions off',
  ],
  [/^transform of several images/, 'each as if alone, which `cpu` does with the first only'],
  [/^pad cutting off/, 'what is cut off is gone; `cpu` writes it elsewhere'],
  [/^denseBincount of a row, whether/, 'it is told whether there is one, as of rows; `cpu` adds'],
  [/^unique of what is not a number/, 'no two NaNs are equal'],
  [/^batchNorm \w+ images/, 'fractions are float32; `cpu` calls them whole numbers'],
  [/^unsortedSegmentSum/, 'sums of whole numbers are whole; `cpu` makes them float32'],
];
