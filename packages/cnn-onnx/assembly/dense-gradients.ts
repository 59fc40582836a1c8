import { adam } from './adam';
import { addRows, ENTRY_BYTES, GROUP } from './sparse-product';

/*
 * Gradients of a dense layer y = b + x · W whose features x ReLU has left mostly at zero. W lies feature by feature,
 * so a feature's row of gradients is Σ_n x[n] ∂y[n] over the images n where it is not zero, and only there its own
 * gradient W · ∂y[n] is asked for: ReLU has none elsewhere.
 */

/** Features that are computed together: their rows of gradients stay in the cache until Adam has read them. */
const BLOCK: usize = 16;

/**
 * gradients[feature - first][column], and `featureGradients` of features that are not zero. `features` and
 * `featureGradients` are [image][feature], an image of each `featureBytes` long; `outputGradients` is [image][column].
 * `first` and `last` bound the features. `entries` is room for BLOCK · (images + GROUP) entries.
 */
export function writeDenseGradients(
  gradients: usize,
  featureGradients: usize,
  features: usize,
  outputGradients: usize,
  weights: usize,
  entries: usize,
  first: usize,
  last: usize,
  images: usize,
  featureBytes: usize,
  columns: usize,
): void {
  const rowBytes = columns * 4;
  const listBytes = (images + GROUP) * ENTRY_BYTES;
  for (let block = first; block < last; block += BLOCK) {
    const count = min(BLOCK, last - block);
    const ends = entries + BLOCK * listBytes;
    listImages(
      entries,
      ends,
      features + block * 4,
      outputGradients,
      count,
      images,
      featureBytes,
      rowBytes,
    );
    for (let i: usize = 0; i < count; i++) {
      const feature = block + i;
      const list = entries + i * listBytes;
      const end = <usize>load<u32>(ends + i * 4);
      const to = gradients + (feature - first) * rowBytes;
      memory.fill(to, 0, rowBytes);
      if (end === list) continue;
      const row = weights + feature * rowBytes;
      for (let entry = list; entry < end; entry += ENTRY_BYTES) {
        const from = <usize>load<u32>(entry);
        const image = (from - outputGradients) / rowBytes;
        store<f32>(featureGradients + image * featureBytes + feature * 4, dot(row, from, rowBytes));
      }
      for (let entry = list; entry < end; entry += GROUP * ENTRY_BYTES)
        addRows(to, entry, rowBytes);
    }
  }
}

/** The same, with Adam's step for the weights, see `adam.ts`. `gradients` is room for BLOCK rows. */
export function stepDense(
  gradients: usize,
  featureGradients: usize,
  features: usize,
  outputGradients: usize,
  weights: usize,
  entries: usize,
  first: usize,
  last: usize,
  images: usize,
  featureBytes: usize,
  columns: usize,
  firstMoment: usize,
  secondMoment: usize,
  beta1: f32,
  beta2: f32,
  stepSize: f32,
  rootScale: f32,
  epsilon: f32,
): void {
  for (let block = first; block < last; block += BLOCK) {
    const end = min(block + BLOCK, last);
    writeDenseGradients(
      gradients,
      featureGradients,
      features,
      outputGradients,
      weights,
      entries,
      block,
      end,
      images,
      featureBytes,
      columns,
    );
    const start = block * columns * 4;
    adam(
      weights + start,
      gradients,
      firstMoment + start,
      secondMoment + start,
      0,
      (end - block) * columns,
      beta1,
      beta2,
      stepSize,
      rootScale,
      epsilon,
    );
  }
}

/**
 * For each of `count` features the images where it is not zero, as the address of the image's output gradients and the
 * feature's value; `ends` are the lists' ends. What follows fills the last group up with zeros.
 */
function listImages(
  entries: usize,
  ends: usize,
  features: usize,
  outputGradients: usize,
  count: usize,
  images: usize,
  featureBytes: usize,
  rowBytes: usize,
): void {
  const listBytes = (images + GROUP) * ENTRY_BYTES;
  for (let i: usize = 0; i < count; i++) store<u32>(ends + i * 4, <u32>(entries + i * listBytes));
  for (let n: usize = 0; n < images; n++) {
    for (let i: usize = 0; i < count; i++) {
      const value = load<f32>(features + n * featureBytes + i * 4);
      if (value === 0) continue;
      const end = <usize>load<u32>(ends + i * 4);
      append(end, outputGradients + n * rowBytes, value);
      store<u32>(ends + i * 4, <u32>(end + ENTRY_BYTES));
    }
  }
  for (let i: usize = 0; i < count; i++) {
    const end = <usize>load<u32>(ends + i * 4);
    for (let k: usize = 0; k < GROUP - 1; k++) append(end + k * ENTRY_BYTES, outputGradients, 0);
  }
}

function append(entry: usize, address: usize, value: f32): void {
  store<u32>(entry, <u32>address);
  store<f32>(entry + 4, value);
}

function dot(left: usize, right: usize, length: usize): f32 {
  let even = f32x4.splat(0);
  let odd = even;
  let i: usize = 0;
  for (; i + 32 <= length; i += 32) {
    even = f32x4.add(even, f32x4.mul(v128.load(left + i), v128.load(right + i)));
    odd = f32x4.add(odd, f32x4.mul(v128.load(left + i + 16), v128.load(right + i + 16)));
  }
  if (i < length) even = f32x4.add(even, f32x4.mul(v128.load(left + i), v128.load(right + i)));
  const sum = f32x4.add(even, odd);
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
  );
}
