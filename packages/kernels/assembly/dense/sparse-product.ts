/*
 * features · weights, where most features are zero, as ReLU leaves them: only the weights of the others are read. Columns
 * are a multiple of four.
 */

/** Features whose weights are used for all images before the next are read. */
const BLOCK: usize = 128;
/** An address and a value. */
export const ENTRY_BYTES: usize = 8;
/** Features added up at a time. */
export const GROUP: usize = 4;

/**
 * sums[image][column] of the features from `first` to `last`; weights[feature][column]; `featureBytes` is the size of an
 * image's features. `entries` is room for BLOCK + GROUP entries.
 */
export function multiplySparse(
  sums: usize,
  features: usize,
  weights: usize,
  entries: usize,
  first: usize,
  last: usize,
  images: usize,
  featureBytes: usize,
  columns: usize,
): void {
  const rowBytes = columns * 4;
  memory.fill(sums, 0, images * rowBytes);
  for (let at = first; at < last; at += BLOCK) {
    const count = min(BLOCK, last - at);
    const rows = weights + at * rowBytes;
    for (let n: usize = 0; n < images; n++) {
      const end = listEntries(entries, features + n * featureBytes + at * 4, count, rows, rowBytes);
      for (let entry = entries; entry < end; entry += GROUP * ENTRY_BYTES) {
        addRows(sums + n * rowBytes, entry, rowBytes);
      }
    }
  }
}

/** outputs = bias + Σ sums, of so many `parts`, in rows of `columns`; `first` and `last` bound the rows of all `rows`. */
export function addParts(
  outputs: usize,
  bias: usize,
  sums: usize,
  first: usize,
  last: usize,
  rows: usize,
  parts: usize,
  columns: usize,
): void {
  const rowBytes = columns * 4;
  for (let row = first; row < last; row++) {
    for (let i: usize = 0; i < rowBytes; i += 16) {
      let sum = v128.load(bias + i);
      for (let part: usize = 0; part < parts; part++) {
        sum = f32x4.add(sum, v128.load(sums + (part * rows + row) * rowBytes + i));
      }
      v128.store(outputs + row * rowBytes + i, sum);
    }
  }
}

/** Writes the row's address and the value of each feature that is not zero; a last group is filled up with zeros. */
function listEntries(
  entries: usize,
  features: usize,
  count: usize,
  rows: usize,
  rowBytes: usize,
): usize {
  let end = entries;
  for (let i: usize = 0; i < count; i++) {
    const value = load<f32>(features + i * 4);
    if (value !== 0) {
      store<u32>(end, <u32>(rows + i * rowBytes));
      store<f32>(end + 4, value);
      end += ENTRY_BYTES;
    }
  }
  while ((end - entries) % (GROUP * ENTRY_BYTES) !== 0) {
    store<u32>(end, <u32>rows);
    store<f32>(end + 4, 0);
    end += ENTRY_BYTES;
  }
  return end;
}

/** Adds four rows, each times its value. */
function addRows(to: usize, entry: usize, length: usize): void {
  const a = <usize>load<u32>(entry);
  const b = <usize>load<u32>(entry + ENTRY_BYTES);
  const c = <usize>load<u32>(entry + 2 * ENTRY_BYTES);
  const d = <usize>load<u32>(entry + 3 * ENTRY_BYTES);
  const x = v128.load32_splat(entry + 4);
  const y = v128.load32_splat(entry + ENTRY_BYTES + 4);
  const z = v128.load32_splat(entry + 2 * ENTRY_BYTES + 4);
  const w = v128.load32_splat(entry + 3 * ENTRY_BYTES + 4);
  let i: usize = 0;
  for (; i + 32 <= length; i += 32) {
    const left = f32x4.add(f32x4.mul(x, v128.load(a + i)), f32x4.mul(y, v128.load(b + i)));
    const right = f32x4.add(f32x4.mul(z, v128.load(c + i)), f32x4.mul(w, v128.load(d + i)));
    v128.store(to + i, f32x4.add(v128.load(to + i), f32x4.add(left, right)));
    const nextLeft = f32x4.add(
      f32x4.mul(x, v128.load(a + i, 16)),
      f32x4.mul(y, v128.load(b + i, 16)),
    );
    const nextRight = f32x4.add(
      f32x4.mul(z, v128.load(c + i, 16)),
      f32x4.mul(w, v128.load(d + i, 16)),
    );
    v128.store(to + i, f32x4.add(v128.load(to + i, 16), f32x4.add(nextLeft, nextRight)), 16);
  }
  if (i < length) {
    const left = f32x4.add(f32x4.mul(x, v128.load(a + i)), f32x4.mul(y, v128.load(b + i)));
    const right = f32x4.add(f32x4.mul(z, v128.load(c + i)), f32x4.mul(w, v128.load(d + i)));
    v128.store(to + i, f32x4.add(v128.load(to + i), f32x4.add(left, right)));
  }
}
