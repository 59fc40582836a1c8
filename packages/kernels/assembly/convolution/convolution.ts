import { multiplyPanels, packPanels } from '../product/product';

/**
 * Convolutions of stride 1 in NHWC and HWIO order. Each image is padded into `padded` first: there,
 * the pixels that one row of the kernel covers lie side by side, so that a row of outputs is a matrix
 * product over [kernelHeight segments × (kernelWidth · channels)].
 */

function padImage(
  padded: usize,
  image: usize,
  height: usize,
  width: usize,
  channels: usize,
  top: usize,
  left: usize,
  paddedHeight: usize,
  paddedWidth: usize,
): void {
  const pixelBytes = channels * 4;
  memory.fill(padded, 0, paddedHeight * paddedWidth * pixelBytes);
  let to = padded + (top * paddedWidth + left) * pixelBytes;
  for (let row: usize = 0; row < height; row++) {
    memory.copy(to, image, width * pixelBytes);
    image += width * pixelBytes;
    to += paddedWidth * pixelBytes;
  }
}

/** result[n, y, x, o] = Σ image[n, y + i - top, x + j - left, c] · kernel[i, j, c, o]. */
export function convolve(
  result: usize,
  images: usize,
  panels: usize,
  padded: usize,
  count: usize,
  height: usize,
  width: usize,
  channels: usize,
  kernelHeight: usize,
  kernelWidth: usize,
  outputs: usize,
  top: usize,
  left: usize,
  outputHeight: usize,
  outputWidth: usize,
): void {
  const paddedHeight = outputHeight + kernelHeight - 1;
  const paddedWidth = outputWidth + kernelWidth - 1;
  const pixelBytes = channels * 4;
  const outputBytes = outputs * 4;
  const depth = kernelWidth * channels;
  for (let n: usize = 0; n < count; n++) {
    padImage(padded, images, height, width, channels, top, left, paddedHeight, paddedWidth);
    images += height * width * pixelBytes;
    let row = padded;
    for (let y: usize = 0; y < outputHeight; y++) {
      multiplyPanels(
        result,
        outputBytes,
        row,
        pixelBytes,
        4,
        paddedWidth * pixelBytes,
        panels,
        outputWidth,
        outputs,
        depth,
        kernelHeight,
        false,
      );
      row += paddedWidth * pixelBytes;
      result += outputWidth * outputBytes;
    }
  }
}

/**
 * gradient[i, j, c, o] = Σ image[n, y + i - top, x + j - left, c] · outputGradient[n, y, x, o].
 * `panels` is room for one packed row of `outputGradient`.
 */
export function filterGradient(
  gradient: usize,
  images: usize,
  outputGradient: usize,
  panels: usize,
  padded: usize,
  count: usize,
  height: usize,
  width: usize,
  channels: usize,
  kernelHeight: usize,
  kernelWidth: usize,
  outputs: usize,
  top: usize,
  left: usize,
  outputHeight: usize,
  outputWidth: usize,
): void {
  const paddedHeight = outputHeight + kernelHeight - 1;
  const paddedWidth = outputWidth + kernelWidth - 1;
  const pixelBytes = channels * 4;
  const outputBytes = outputs * 4;
  const rows = kernelWidth * channels;
  memory.fill(gradient, 0, kernelHeight * rows * outputBytes);
  for (let n: usize = 0; n < count; n++) {
    padImage(padded, images, height, width, channels, top, left, paddedHeight, paddedWidth);
    images += height * width * pixelBytes;
    for (let y: usize = 0; y < outputHeight; y++) {
      packPanels(panels, outputGradient, outputBytes, 4, outputWidth, outputs);
      for (let i: usize = 0; i < kernelHeight; i++) {
        const row = padded + (y + i) * paddedWidth * pixelBytes;
        const kernelRow = gradient + i * rows * outputBytes;
        multiplyPanels(
          kernelRow,
          outputBytes,
          row,
          4,
          pixelBytes,
          0,
          panels,
          rows,
          outputs,
          outputWidth,
          1,
          true,
        );
      }
      outputGradient += outputWidth * outputBytes;
    }
  }
}

/**
 * The kernel [i, j, o, c] with which a convolution of the output's gradient gives the input's:
 * turned by half a turn, inputs and outputs exchanged.
 */
export function rotateKernel(
  rotated: usize,
  kernel: usize,
  positions: usize,
  inputs: usize,
  outputs: usize,
): void {
  const positionBytes = inputs * outputs * 4;
  for (let position: usize = 0; position < positions; position++) {
    const from = kernel + (positions - 1 - position) * positionBytes;
    for (let o: usize = 0; o < outputs; o++) {
      for (let c: usize = 0; c < inputs; c++) {
        store<f32>(rotated, load<f32>(from + (c * outputs + o) * 4));
        rotated += 4;
      }
    }
  }
}
