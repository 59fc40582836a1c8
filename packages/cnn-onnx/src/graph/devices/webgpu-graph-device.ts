import { elementCount, type WeightTensor } from '@dlcmp/contract';
import { GraphBuilder } from '../../onnx/graph-builder';
import type {
  TensorValue,
  WebGpuGraph,
  WebGpuRuntime,
  WebGpuSession,
} from '../../runtime/c-api/webgpu-runtime';
import { hostBytes, hostFloats, hostIntegers } from '../../runtime/webgpu/host-array';
import type {
  Bindings,
  BoundGraph,
  DeviceArrays,
  Feeds,
  GraphDevice,
  HostArray,
  Shapes,
} from './graph-device';

/** Images that go through the network together. */
const LARGEST_BATCH = 32;

/**
 * ONNX Runtime's WebGPU provider. WebGPU lets no kernel read and write the same buffer, and a part of a buffer is no tensor:
 * each array is one of its own.
 */
export function createWebGpuGraphDevice(runtime: WebGpuRuntime): GraphDevice<TensorValue> {
  const copy = createCopy(runtime);
  return {
    ...{ id: 'webgpu', writesInPlace: false, largestBatch: LARGEST_BATCH },
    allocate: (shapes) => allocate(runtime, copy, shapes),
    openGraph: (model, feeds, bindings) => new FedGraph(runtime, model, feeds, bindings),
  };
}

type Copy = (input: TensorValue, output: TensorValue, rank: number) => void;

/** Copies tensors, whether in main memory or on the GPU, by a graph for each number of axes. */
function createCopy(runtime: WebGpuRuntime): Copy {
  const sessions = new Map<number, WebGpuSession>();
  return (input, output, rank) => {
    const session = sessions.get(rank) ?? runtime.openSession(identityGraph(rank));
    sessions.set(rank, session);
    const graph = session.bind({ input }, { output });
    graph.run();
    graph.release();
  };
}

function identityGraph(rank: number): Uint8Array {
  const graph = new GraphBuilder();
  const shape = Array.from({ length: rank }, (_, axis) => `side${axis}`);
  const input = graph.input('input', 'float32', shape);
  graph.output('output', graph.node('Identity', [input]), 'float32', shape);
  return graph.encode('identity');
}

function allocate(runtime: WebGpuRuntime, copy: Copy, shapes: Shapes): DeviceArrays<TensorValue> {
  const tensors = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, runtime.allocate(shape)]),
  );
  const write = (name: string, values: Float32Array) => {
    const shape = shapes[name] as readonly number[];
    const held = hostFloats(values.length);
    held.set(values);
    const host = runtime.lend(held, shape);
    copy(host, tensors[name] as TensorValue, shape.length);
    host.release();
  };
  const read = (name: string, shape: readonly number[]): WeightTensor => {
    const data = hostFloats(elementCount(shape));
    const host = runtime.lend(data, shape);
    copy(tensors[name] as TensorValue, host, shape.length);
    host.release();
    return { shape, data };
  };
  const clear = () => {
    for (const [name, shape] of Object.entries(shapes))
      write(name, new Float32Array(elementCount(shape)));
  };
  clear();
  return {
    ...{ tensors, segments: tensors, segmentShapes: shapes, clear },
    write(values) {
      for (const name of Object.keys(shapes)) {
        const data = values[name];
        if (data) write(name, data);
      }
    },
    read: () =>
      Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, read(name, shape)])),
    free() {
      for (const tensor of Object.values(tensors)) tensor.release();
    },
  };
}

const HOST_ARRAYS = { float32: hostFloats, uint8: hostBytes, int32: hostIntegers } as const;

/** One graph, with memory that its feeds are copied to the GPU from. */
class FedGraph implements BoundGraph {
  readonly #session: WebGpuSession;
  readonly #graphs: readonly WebGpuGraph[];
  readonly #feeds: readonly (readonly [name: string, memory: HostArray, tensor: TensorValue])[];

  constructor(
    runtime: WebGpuRuntime,
    model: Uint8Array,
    feeds: Feeds,
    bindings: readonly Bindings<TensorValue>[],
  ) {
    this.#session = runtime.openSession(model);
    this.#graphs = bindings.map(({ inputs, outputs }) => this.#session.bind(inputs, outputs));
    this.#feeds = Object.entries(feeds).map(([name, { type, shape }]) => {
      const memory = HOST_ARRAYS[type](elementCount(shape));
      return [name, memory, runtime.lend(memory, shape)] as const;
    });
  }

  run(feeds: Readonly<Record<string, HostArray>>, binding = 0): void {
    const graph = this.#graphs[binding] as WebGpuGraph;
    for (const [name, memory, tensor] of this.#feeds) {
      memory.set(feeds[name] as HostArray);
      graph.feed(name, tensor);
    }
    graph.run();
  }

  release(): void {
    for (const graph of this.#graphs) graph.release();
    for (const [, , tensor] of this.#feeds) tensor.release();
    this.#session.release();
  }
}
