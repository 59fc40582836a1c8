/**
 * Square images with rows for columns.
 *
 * @param pixels bytes in batch, height, width, RGB order
 * @param side of each image, in pixels
 */
export function transposeImages(pixels: Uint8Array, side: number): Uint8Array {
  return pixels.map((_, at) => {
    const channel = at % 3;
    const place = (at - channel) / 3;
    const column = place % side;
    const row = ((place - column) / side) % side;
    const image = place - row * side - column;
    return pixels[(image + column * side + row) * 3 + channel] as number;
  });
}
