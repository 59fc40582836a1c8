import type { Network, Weights } from '@dlcmp/contract';
import { AlternatingArrays } from './alternating-arrays';
import type { GraphDevice } from './graph-device';

/** A network's weights and state on a device, and whose turn it is. */
export class DeviceWeights<Tensor> {
  readonly weights: AlternatingArrays<Tensor>;
  readonly state: AlternatingArrays<Tensor>;
  /** Turns that steps take one after the other: one where they write in place, else two. */
  readonly turns: readonly number[];
  /** Of what is valid now. */
  turn = 0;

  constructor(device: GraphDevice<Tensor>, { weightShapes, stateShapes }: Network) {
    this.weights = new AlternatingArrays(device, weightShapes);
    this.state = new AlternatingArrays(device, stateShapes);
    this.turns = device.writesInPlace ? [0] : [0, 1];
  }

  /** To be called when a step is queued: what it wrote is valid from now on. */
  advance(): void {
    this.turn = (this.turn + 1) % this.turns.length;
  }

  /** Weights and state as graphs read them. */
  tensors(turn = this.turn): Readonly<Record<string, Tensor>> {
    return { ...this.weights.source(turn).tensors, ...this.state.source(turn).tensors };
  }

  write(values: Weights): void {
    const data = Object.fromEntries(Object.entries(values).map(([name, { data }]) => [name, data]));
    this.weights.source(this.turn).write(data);
    this.state.source(this.turn).write(data);
  }

  /** Waits for every step queued so far. */
  read(): Weights {
    return { ...this.weights.source(this.turn).read(), ...this.state.source(this.turn).read() };
  }

  free(): void {
    this.weights.free();
    this.state.free();
  }
}
