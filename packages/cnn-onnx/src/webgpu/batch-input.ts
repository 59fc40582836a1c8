import { elementCount, type TrainingBatch } from '@dlcmp/contract';
import type { NetworkSizes } from '../devices/network-sizes';
import type {
  TensorValue,
  WebGpuGraph,
  WebGpuRuntime,
  WebGpuSession,
} from '../runtime/c-api/webgpu-runtime';
import { hostBytes, hostFloats } from '../runtime/webgpu/host-array';
import { inputGraph, MOST_PENDING, NUMBER_PARTS, stepInputShapes } from './network-graph';

/** Numbers of a step, beside the batch. */
export interface StepNumbers {
  /** Place of its loss in the log, 0 to 31. */
  readonly slot: number;
  /** What is written into the log beside its loss, from 1. */
  readonly mark: number;
  /** See `adam` in `network-graph.ts`. */
  readonly rate: number;
  readonly epsilon: number;
}

const NO_STEP: StepNumbers = { slot: 0, mark: 1, rate: 0, epsilon: 1 };

/** Batches of one size on their way to the GPU: through main memory that ONNX Runtime knows, to where steps take them. */
export class BatchInput {
  /** Inputs of a step, on the GPU. */
  readonly tensors: Readonly<Record<string, TensorValue>>;
  readonly #classes: number;
  readonly #arrays: {
    readonly pixels: Uint8Array;
    readonly keep: Uint8Array;
    readonly numbers: Float32Array;
  };
  readonly #lent: Readonly<Record<string, TensorValue>>;
  readonly #session: WebGpuSession;
  readonly #graph: WebGpuGraph;

  constructor(runtime: WebGpuRuntime, sizes: NetworkSizes, size: number) {
    const { height = 0, width = 0 } = sizes.blocks[0] ?? {};
    const places = height * width;
    const shapes = stepInputShapes(sizes, size);
    const numbers = NUMBER_PARTS.reduce((sum, name) => sum + elementCount(shapes[name]), 0);
    this.#classes = sizes.classes;
    this.#arrays = {
      pixels: hostBytes(size * places * 3),
      keep: hostBytes(size * sizes.hiddenUnits),
      numbers: hostFloats(numbers),
    };
    this.#lent = {
      pixels: runtime.lend(this.#arrays.pixels, [size, places, 3]),
      keep: runtime.lend(this.#arrays.keep, [size, sizes.hiddenUnits]),
      numbers: runtime.lend(this.#arrays.numbers, [numbers]),
    };
    this.tensors = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, runtime.allocate(shape)]),
    );
    this.#session = runtime.openSession(inputGraph(sizes, size));
    this.#graph = this.#session.bind(this.#lent, this.tensors);
  }

  /** Queues the way of a batch to the GPU; what it held before may be in use still. */
  feed(batch: TrainingBatch, step = NO_STEP): void {
    const { pixels, keep } = this.#arrays;
    pixels.set(batch.pixels.subarray(0, pixels.length));
    keep.set(batch.masks.dropout as Uint8Array);
    this.#writeNumbers(batch, step);
    for (const [name, tensor] of Object.entries(this.#lent)) this.#graph.feed(name, tensor);
    this.#graph.run();
  }

  release(): void {
    this.#graph.release();
    this.#session.release();
    for (const tensor of [...Object.values(this.#lent), ...Object.values(this.tensors)]) {
      tensor.release();
    }
  }

  /** In the order of `NUMBER_PARTS`. */
  #writeNumbers({ labels, size }: TrainingBatch, { slot, mark, rate, epsilon }: StepNumbers): void {
    const { numbers } = this.#arrays;
    const target = numbers.subarray(0, size * this.#classes);
    const [keepLog, lossSlot, entry] = [0, 1, 2].map((part) => {
      const start = target.length + part * 2 * MOST_PENDING;
      return numbers.subarray(start, start + 2 * MOST_PENDING);
    }) as [Float32Array, Float32Array, Float32Array];
    numbers.fill(0);
    labels.forEach((label, image) => {
      target[image * this.#classes + label] = 1;
    });
    keepLog.fill(1);
    keepLog[slot] = 0;
    keepLog[MOST_PENDING + slot] = 0;
    lossSlot[slot] = 1;
    entry[MOST_PENDING + slot] = mark;
    numbers.set([rate, epsilon], numbers.length - 2);
  }
}
