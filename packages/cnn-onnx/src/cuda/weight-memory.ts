import { elementCount, type Network, type Weights } from '@dlcmp/contract';
import type { DevicePointer } from '@dlcmp/cuda';
import type { DeviceTensor } from '../runtime/c-api/device-session';
import type { CudaEngine } from './cuda-engine';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';

/** The arrays that training keeps for all weights, each laid out alike. */
const ARRAYS = ['weights', 'gradients', 'means', 'variances'] as const;

export type WeightArray = (typeof ARRAYS)[number];

const FLOAT_BYTES = 4;
/** float32 values that a weight's start is a multiple of. */
const ALIGNMENT = 64;

/** All weights on the GPU, with their gradients and Adam's moments, so that Adam is one pass over everything. */
export class WeightMemory {
  /** Values of one array, padding included. */
  readonly length: number;
  readonly #engine: CudaEngine;
  readonly #shapes: Network['weightShapes'];
  readonly #offsets: Readonly<Record<string, number>>;
  readonly #buffers: DeviceBuffers;

  constructor(engine: CudaEngine, { weightShapes }: Network) {
    const offsets: Record<string, number> = {};
    let length = 0;
    for (const [name, shape] of Object.entries(weightShapes)) {
      offsets[name] = length;
      length += Math.ceil(elementCount(shape) / ALIGNMENT) * ALIGNMENT;
    }
    this.#engine = engine;
    this.#shapes = weightShapes;
    this.#offsets = offsets;
    this.length = length;
    const bytes = length * FLOAT_BYTES;
    this.#buffers = allocateBuffers(
      engine.driver,
      Object.fromEntries(ARRAYS.map((name) => [name, bytes])),
    );
    for (const name of ARRAYS) engine.driver.clear(this.start(name), bytes, engine.stream);
  }

  start(array: WeightArray): DevicePointer {
    return this.#buffers.address(array);
  }

  /** A weight, or its gradient, by its name; in another shape where one is given. */
  tensor(array: WeightArray, name: string, shape = this.#shapes[name]): DeviceTensor {
    if (!shape) throw new Error(`There is no weight ${name}.`);
    const offset = BigInt((this.#offsets[name] as number) * FLOAT_BYTES);
    return { address: this.start(array) + offset, shape };
  }

  /** Replaces values of `array`; where some are missing they become 0. */
  write(array: WeightArray, weights: Readonly<Record<string, Float32Array>>): void {
    const values = new Float32Array(this.length);
    for (const [name, offset] of Object.entries(this.#offsets)) {
      const data = weights[name];
      if (data) values.set(data, offset);
    }
    const { driver, stream } = this.#engine;
    driver.copyToDevice(this.start(array), values, stream);
    driver.synchronize(stream);
  }

  clearMoments(): void {
    const { driver, stream } = this.#engine;
    for (const name of ['means', 'variances'] as const) {
      driver.clear(this.start(name), this.length * FLOAT_BYTES, stream);
    }
  }

  /** Copies of what everything queued so far leaves in `array`. */
  read(array: WeightArray): Weights {
    const values = new Float32Array(this.length);
    const { driver, stream } = this.#engine;
    driver.copyToHost(values, this.start(array), stream);
    driver.synchronize(stream);
    return Object.fromEntries(
      Object.entries(this.#shapes).map(([name, shape]) => {
        const start = this.#offsets[name] as number;
        return [name, { shape, data: values.slice(start, start + elementCount(shape)) }];
      }),
    );
  }

  free(): void {
    this.#buffers.free();
  }
}
