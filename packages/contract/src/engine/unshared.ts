/** Frameworks' tensors take no memory that is shared between threads: `pixels` of such are copied. */
export function unshared(pixels: Uint8Array): Uint8Array {
  return pixels.buffer instanceof SharedArrayBuffer ? pixels.slice() : pixels;
}
