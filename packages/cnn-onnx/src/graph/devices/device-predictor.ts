import type { InferenceOutput, Network } from '@dlcmp/contract';
import { buildDeviceInferenceModel } from '../inference-model';
import { inputArray, inputOf, PIXELS } from '../pixel-input';
import type { DeviceWeights } from './device-weights';
import type { BoundGraph, DeviceArrays, GraphDevice } from './graph-device';
import { withMemoryAdvice } from './memory-advice';

/** A graph for one number of images, and where it leaves its answers. */
interface SizedInference<Tensor> {
  readonly graph: BoundGraph;
  readonly answers: DeviceArrays<Tensor>;
}

/** Answers for images, from the weights on the device as they are. */
export class DevicePredictor<Tensor> {
  readonly #device: GraphDevice<Tensor>;
  readonly #network: Network;
  readonly #values: DeviceWeights<Tensor>;
  readonly #sized = new Map<string, SizedInference<Tensor>>();

  constructor(device: GraphDevice<Tensor>, network: Network, values: DeviceWeights<Tensor>) {
    this.#device = device;
    this.#network = network;
    this.#values = values;
  }

  /** One row for each of `count` images: [count × classes]. */
  run(pixels: Uint8Array, count: number, output: InferenceOutput): Float32Array {
    const { classCount } = this.#network;
    const imageBytes = pixels.length / count;
    const answers = new Float32Array(count * classCount);
    for (let start = 0; start < count; ) {
      const size = Math.min(this.#device.largestBatch, count - start);
      const images = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      answers.set(this.#runBatch(images, size, output), start * classCount);
      start += size;
    }
    return answers;
  }

  release(): void {
    for (const { graph, answers } of this.#sized.values()) {
      graph.release();
      answers.free();
    }
    this.#sized.clear();
  }

  /** Sizes are rounded up to powers of two, so that few graphs are made ready; the rows over are nobody's. */
  #runBatch(images: Uint8Array, count: number, output: InferenceOutput): Float32Array {
    const size = Math.min(2 ** Math.ceil(Math.log2(count)), this.#device.largestBatch);
    const filled = new Uint8Array((images.length / count) * size);
    filled.set(images);
    return withMemoryAdvice(size, () => {
      const { graph, answers } = this.#open(size, output);
      const given = inputArray(this.#network, size === count ? images : filled, size);
      graph.run({ [PIXELS]: given }, this.#values.turn);
      const rows = answers.read()[output]?.data as Float32Array;
      return rows.subarray(0, count * this.#network.classCount);
    });
  }

  #open(size: number, output: InferenceOutput): SizedInference<Tensor> {
    const key = `${output} ${size}`;
    const known = this.#sized.get(key);
    if (known) return known;
    const { classCount } = this.#network;
    const answers = this.#device.allocate({ [output]: [size, classCount] });
    const graph = this.#device.openGraph(
      buildDeviceInferenceModel(this.#network, output, this.#device.id),
      { [PIXELS]: inputOf(this.#network, size) },
      this.#values.turns.map((turn) => ({
        inputs: this.#values.tensors(turn),
        outputs: answers.tensors,
      })),
    );
    const sized = { graph, answers };
    this.#sized.set(key, sized);
    return sized;
  }
}
