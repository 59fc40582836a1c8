import { elementCount, type Weights } from '@dlcmp/contract';
import type {
  TensorValue,
  WebGpuGraph,
  WebGpuRuntime,
  WebGpuSession,
} from '../runtime/c-api/webgpu-runtime';
import { hostFloats } from '../runtime/webgpu/host-array';
import { smallestGraph } from '../runtime/webgpu/open-webgpu';
import { LOG_LENGTH } from './network-graph';
import { LARGE, type WeightLayout } from './weight-layout';

/** Tensors that a step replaces; the graphs know them by these names. */
export type StateTensors = Readonly<Record<string, TensorValue>>;

const WEIGHTS = ['large', 'packed'] as const;

/**
 * Weights and what training keeps beside them, on the GPU, twice: a step reads one set and writes the other, because WebGPU
 * lets no kernel read and write the same buffer.
 */
export class DeviceState {
  readonly #runtime: WebGpuRuntime;
  readonly #layout: WeightLayout;
  readonly #lengths: Readonly<Record<string, number>>;
  readonly #copies: WebGpuSession;
  #current: Record<string, TensorValue>;
  #next: Record<string, TensorValue> = {};

  constructor(runtime: WebGpuRuntime, layout: WeightLayout) {
    const large = elementCount(layout.shapes[LARGE] as readonly number[]);
    const { packedLength: packed } = layout;
    this.#runtime = runtime;
    this.#layout = layout;
    this.#lengths = {
      ...{ large, packed, 'large.mean': large, 'large.variance': large },
      ...{ 'packed.mean': packed, 'packed.variance': packed, log: LOG_LENGTH },
    };
    this.#copies = runtime.openSession(smallestGraph());
    this.#current = this.#allocate(WEIGHTS);
  }

  /** The weights alone. */
  get weights(): StateTensors {
    return Object.fromEntries(WEIGHTS.map((name) => [name, this.#current[name] as TensorValue]));
  }

  /** What the next step reads. */
  get current(): StateTensors {
    return this.#current;
  }

  /** What the next step writes. */
  get next(): StateTensors {
    return this.#next;
  }

  /** To be called when a step is queued: its outputs are the state from now on. */
  swap(): void {
    [this.#current, this.#next] = [this.#next, this.#current];
  }

  /** Takes the memory for training, and clears the optimiser's moments and the losses. */
  resetTraining(): void {
    const names = Object.keys(this.#lengths);
    if (Object.keys(this.#next).length === 0) {
      this.#next = this.#allocate(names);
      const weights: readonly string[] = WEIGHTS;
      Object.assign(this.#current, this.#allocate(names.filter((name) => !weights.includes(name))));
    }
    for (const name of names.slice(WEIGHTS.length)) {
      this.#upload(name, hostFloats(this.#lengths[name] as number));
    }
  }

  writeWeights(weights: Weights): void {
    const { large, packed } = this.#layout.pack(weights);
    this.#upload('large', large);
    this.#upload('packed', packed);
  }

  /** Waits for every step queued so far. */
  readWeights(): Weights {
    return this.#layout.unpack(this.read('large'), this.read('packed'));
  }

  /** Values of one tensor, in the device's order. Waits for every step queued so far. */
  read(name: string): Float32Array {
    const values = hostFloats(this.#lengths[name] as number);
    const host = this.#runtime.lend(values, [values.length]);
    this.#copy(this.#current[name] as TensorValue, host);
    host.release();
    return values;
  }

  release(): void {
    this.#copies.release();
    for (const set of [this.#current, this.#next]) {
      for (const tensor of Object.values(set)) tensor.release();
    }
  }

  #allocate(names: readonly string[]): Record<string, TensorValue> {
    return Object.fromEntries(
      names.map((name) => [name, this.#runtime.allocate([this.#lengths[name] as number])]),
    );
  }

  #upload(name: string, values: Float32Array): void {
    const host = this.#runtime.lend(values, [values.length]);
    this.#copy(host, this.#current[name] as TensorValue);
    host.release();
  }

  #copy(input: TensorValue, output: TensorValue): void {
    const graph: WebGpuGraph = this.#copies.bind({ input }, { output });
    graph.run();
    graph.release();
  }
}
