import type { DeviceArrays, GraphDevice, Shapes } from './graph-device';

/** Arrays that steps replace: each step reads one set and writes the other; they are the same where a device writes in place. */
export class AlternatingArrays<Tensor> {
  readonly #sets: readonly [DeviceArrays<Tensor>, DeviceArrays<Tensor>];

  constructor(device: GraphDevice<Tensor>, shapes: Shapes) {
    const first = device.allocate(shapes);
    this.#sets = [first, device.writesInPlace ? first : device.allocate(shapes)];
  }

  /** What a step reads in its `turn`, 0 or 1. */
  source(turn: number): DeviceArrays<Tensor> {
    return this.#sets[turn % 2] as DeviceArrays<Tensor>;
  }

  /** Where it writes. */
  target(turn: number): DeviceArrays<Tensor> {
    return this.source(turn + 1);
  }

  free(): void {
    for (const set of new Set(this.#sets)) set.free();
  }
}
