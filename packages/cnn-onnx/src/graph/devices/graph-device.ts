import type { Device, Weights } from '@dlcmp/contract';

/** Shapes of arrays by their names. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** Data in main memory that a graph is fed. */
export type HostArray = Float32Array | Uint8Array | Int32Array;

/** What a graph is fed from main memory at each run. */
export interface Feed {
  readonly type: 'float32' | 'uint8' | 'int32';
  readonly shape: readonly number[];
}

export type Feeds = Readonly<Record<string, Feed>>;

/** float32 arrays on a device. */
export interface DeviceArrays<Tensor> {
  /** Each by its name, as a graph reads or writes it. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /**
   * The same values for what treats all of them alike, value by value: few tensors where the device lays arrays out in one
   * piece, else each. Arrays of the same shapes have the same segments.
   */
  readonly segments: Readonly<Record<string, Tensor>>;
  readonly segmentShapes: Shapes;
  /** Replaces those that `values` has. */
  write(values: Readonly<Record<string, Float32Array>>): void;
  /** Copies of all, once everything queued so far is done. */
  read(): Weights;
  /** Writes zeros. */
  clear(): void;
  free(): void;
}

/** Where a graph's inputs and outputs on the device are, by name. */
export interface Bindings<Tensor> {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** A graph made ready for the device, bound to memory there. */
export interface BoundGraph {
  /**
   * Queues one run. Feeds may be overwritten when it returns.
   *
   * @param binding number of the bindings that it runs with; default: the first
   */
  run(feeds: Readonly<Record<string, HostArray>>, binding?: number): void;
  release(): void;
}

/** A device that ONNX Runtime computes on with an execution provider of its own: everything is queued in the order of the calls. */
export interface GraphDevice<Tensor = unknown> {
  readonly id: Exclude<Device, 'cpu'>;
  /** Whether a graph may write where it reads. */
  readonly writesInPlace: boolean;
  /** Images that are answered together, at most. */
  readonly largestBatch: number;
  /** Takes memory, with zeros in it. */
  allocate(shapes: Shapes): DeviceArrays<Tensor>;
  /**
   * Makes a graph ready, for feeds of these shapes alone.
   *
   * @throws where the device has no kernel of one of its operators: none is left to the CPU
   */
  openGraph(model: Uint8Array, feeds: Feeds, bindings: readonly Bindings<Tensor>[]): BoundGraph;
}
