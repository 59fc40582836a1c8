import { ENTRY_BYTES, GROUP } from './sparse-product';

/*
 * Gradients of a dense layer y = b + x · W whose features x ReLU has left mostly at zero. W lies feature by feature,
 * so a feature's row of gradients is Σ_n x[n] ∂y[n] over the images n where it is not zero, and only there its own
 * gradient W · ∂y[n] is asked for: ReLU has none elsewhere.
 */

/** Features whose images are listed together: a cache line of each image. */
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
      const gradient = featureGradients + feature * 4;
      for (let entry = list; entry < end; entry += GROUP * ENTRY_BYTES) {
        addRowsAndMultiply(to, row, entry, rowBytes);
        for (let i: usize = 0; i < GROUP && entry + i * ENTRY_BYTES < end; i++) {
          const image = (<usize>load<u32>(entry + i * ENTRY_BYTES) - outputGradients) / rowBytes;
          store<f32>(gradient + image * featureBytes, load<f32>(entry + i * ENTRY_BYTES + 4));
        }
      }
    }
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

/**
 * Adds to `sums` four rows, each times its value, and replaces each value by the row's product with `weights`. Both at once,
 * so that rows are read once.
 */
function addRowsAndMultiply(sums: usize, weights: usize, entry: usize, length: usize): void {
  const a = <usize>load<u32>(entry);
  const b = <usize>load<u32>(entry + ENTRY_BYTES);
  const c = <usize>load<u32>(entry + 2 * ENTRY_BYTES);
  const d = <usize>load<u32>(entry + 3 * ENTRY_BYTES);
  const x = v128.load32_splat(entry + 4);
  const y = v128.load32_splat(entry + ENTRY_BYTES + 4);
  const z = v128.load32_splat(entry + 2 * ENTRY_BYTES + 4);
  const w = v128.load32_splat(entry + 3 * ENTRY_BYTES + 4);
  let productA = f32x4.splat(0);
  let productB = f32x4.splat(0);
  let productC = f32x4.splat(0);
  let productD = f32x4.splat(0);
  for (let i: usize = 0; i < length; i += 16) {
    const rowA = v128.load(a + i);
    const rowB = v128.load(b + i);
    const rowC = v128.load(c + i);
    const rowD = v128.load(d + i);
    const weight = v128.load(weights + i);
    const left = f32x4.add(f32x4.mul(x, rowA), f32x4.mul(y, rowB));
    const right = f32x4.add(f32x4.mul(z, rowC), f32x4.mul(w, rowD));
    v128.store(sums + i, f32x4.add(v128.load(sums + i), f32x4.add(left, right)));
    productA = f32x4.add(productA, f32x4.mul(weight, rowA));
    productB = f32x4.add(productB, f32x4.mul(weight, rowB));
    productC = f32x4.add(productC, f32x4.mul(weight, rowC));
    productD = f32x4.add(productD, f32x4.mul(weight, rowD));
  }
  store<f32>(entry + 4, addLanes(productA));
  store<f32>(entry + ENTRY_BYTES + 4, addLanes(productB));
  store<f32>(entry + 2 * ENTRY_BYTES + 4, addLanes(productC));
  store<f32>(entry + 3 * ENTRY_BYTES + 4, addLanes(productD));
}

function addLanes(vector: v128): f32 {
  return (
    f32x4.extract_lane(vector, 0) +
    f32x4.extract_lane(vector, 1) +
    (f32x4.extract_lane(vector, 2) + f32x4.extract_lane(vector, 3))
  );
}
