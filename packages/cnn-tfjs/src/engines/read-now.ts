import type { Tensor } from '@tensorflow/tfjs-core';

/** A copy of a float32 tensor's numbers, on a backend that can wait for them. */
export async function readNow(tensor: Tensor): Promise<Float32Array> {
  return tensor.dataSync<'float32'>().slice();
}
