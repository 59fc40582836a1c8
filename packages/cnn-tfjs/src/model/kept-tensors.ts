import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedTensors } from '../network/operation';
import type { TensorFlow } from '../tensorflow-modules';

/** Tensors by name that outlive the scopes they are made in. */
export class KeptTensors {
  readonly #tf: TensorFlow;
  #tensors: Record<string, Tensor> = {};

  constructor(tf: TensorFlow) {
    this.#tf = tf;
  }

  /** As they are now. */
  get all(): NamedTensors {
    return this.#tensors;
  }

  get(name: string): Tensor {
    return this.#tensors[name] as Tensor;
  }

  /** Takes `tensor` in the place of the one of that name, which is freed. */
  set(name: string, tensor: Tensor): void {
    this.#tensors[name]?.dispose();
    this.#tensors[name] = this.#tf.keep(tensor);
  }

  clear(): void {
    for (const tensor of Object.values(this.#tensors)) tensor.dispose();
    this.#tensors = {};
  }
}
