/*
 * A dense layer's weights between PyTorch's weights[column][channel · area + position] and
 * matrix[position · paddedChannels + channel][column]. `first` and `last` bound the channels.
 */

/** Positions that are moved together: a cache line of each column. */
const LINE: usize = 16;

export function transposeWeights(
  matrix: usize,
  weights: usize,
  first: usize,
  last: usize,
  channels: usize,
  paddedChannels: usize,
  area: usize,
  columns: usize,
  paddedColumns: usize,
): void {
  const sourceBytes = channels * area * 4;
  const stepBytes = paddedChannels * paddedColumns * 4;
  for (let channel = first; channel < last; channel++) {
    for (let start: usize = 0; start < area; start += LINE) {
      const count = min(LINE, area - start);
      let from = weights + (channel * area + start) * 4;
      let to = matrix + (start * paddedChannels + channel) * paddedColumns * 4;
      for (let column: usize = 0; column < columns; column++) {
        for (let i: usize = 0; i < count; i++) {
          store<f32>(to + i * stepBytes, load<f32>(from + i * 4));
        }
        from += sourceBytes;
        to += 4;
      }
    }
  }
}

/** The way back. */
export function restoreWeights(
  matrix: usize,
  weights: usize,
  first: usize,
  last: usize,
  channels: usize,
  paddedChannels: usize,
  area: usize,
  columns: usize,
  paddedColumns: usize,
): void {
  const targetBytes = channels * area * 4;
  const stepBytes = paddedChannels * paddedColumns * 4;
  for (let channel = first; channel < last; channel++) {
    for (let start: usize = 0; start < area; start += LINE) {
      const count = min(LINE, area - start);
      let to = weights + (channel * area + start) * 4;
      let from = matrix + (start * paddedChannels + channel) * paddedColumns * 4;
      for (let column: usize = 0; column < columns; column++) {
        for (let i: usize = 0; i < count; i++) {
          store<f32>(to + i * 4, load<f32>(from + i * stepBytes));
        }
        to += targetBytes;
        from += 4;
      }
    }
  }
}
