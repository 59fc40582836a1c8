/*
 * Between a block's images (NHWC with a border, channels padded) and features in channel, height,
 * width order. `first` and `last` bound the images.
 */

export function writeFeatures(
  features: usize,
  images: usize,
  first: usize,
  last: usize,
  height: usize,
  width: usize,
  channels: usize,
  imageBytes: usize,
  rowBytes: usize,
  pixelBytes: usize,
): void {
  const area = height * width;
  for (let n = first; n < last; n++) {
    const to = features + n * channels * area * 4;
    for (let y: usize = 0; y < height; y++) {
      for (let x: usize = 0; x < width; x++) {
        const from = images + n * imageBytes + y * rowBytes + x * pixelBytes;
        const at = to + (y * width + x) * 4;
        for (let c: usize = 0; c < channels; c++) {
          store<f32>(at + c * area * 4, load<f32>(from + c * 4));
        }
      }
    }
  }
}

export function readFeatures(
  images: usize,
  features: usize,
  first: usize,
  last: usize,
  height: usize,
  width: usize,
  channels: usize,
  imageBytes: usize,
  rowBytes: usize,
  pixelBytes: usize,
): void {
  const area = height * width;
  for (let n = first; n < last; n++) {
    const from = features + n * channels * area * 4;
    for (let y: usize = 0; y < height; y++) {
      for (let x: usize = 0; x < width; x++) {
        const to = images + n * imageBytes + y * rowBytes + x * pixelBytes;
        const at = from + (y * width + x) * 4;
        for (let c: usize = 0; c < channels; c++) {
          store<f32>(to + c * 4, load<f32>(at + c * area * 4));
        }
      }
    }
  }
}
