import { elementCount } from '@dlcmp/contract';
import { type DevicePointer, type RecordedWork, UploadRing } from '@dlcmp/cuda';
import type { DeviceTensor, BoundGraph as RawGraph } from '../../runtime/c-api/device-session';
import type { CudaRuntime } from '../../runtime/cuda/open-cuda';
import type {
  Bindings,
  BoundGraph,
  DeviceArrays,
  Feeds,
  GraphDevice,
  HostArray,
  Shapes,
} from './graph-device';

const FLOAT_BYTES = 4;
const ELEMENT_BYTES = { float32: 4, uint8: 1, int32: 4 } as const;
/** float32 values that an array's start is a multiple of. */
const ALIGNMENT = 64;
/** Values in one row of a segment: sums over all are taken row by row first. */
const ROW = 1024;
const LARGEST_BATCH = 256;
/** Runs after which ONNX Runtime has chosen its algorithms and has all the memory that it wants. */
const WARM_UP_RUNS = 2;

/** ONNX Runtime's CUDA provider. A graph is recorded once it has run twice, and then launched as a whole, as a CUDA graph. */
export function createCudaGraphDevice(cuda: CudaRuntime): GraphDevice<DeviceTensor> {
  return {
    ...{ id: 'cuda', writesInPlace: true, largestBatch: LARGEST_BATCH },
    allocate: (shapes) => allocate(cuda, shapes),
    openGraph: (model, feeds, bindings) => new CudaGraph(cuda, model, feeds, bindings),
  };
}

/** All arrays in one piece, so that one tensor of rows is a segment of all. */
function allocate({ driver, stream }: CudaRuntime, shapes: Shapes): DeviceArrays<DeviceTensor> {
  const offsets: Record<string, number> = {};
  let used = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    offsets[name] = used;
    used += Math.ceil(elementCount(shape) / ALIGNMENT) * ALIGNMENT;
  }
  const rows = Math.max(1, Math.ceil(used / ROW));
  const bytes = rows * ROW * FLOAT_BYTES;
  const start = driver.allocate(bytes);
  const address = (name: string) => start + BigInt((offsets[name] as number) * FLOAT_BYTES);
  const clear = () => driver.clear(start, bytes, stream);
  clear();
  return {
    tensors: Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [name, { address: address(name), shape }]),
    ),
    segments: { all: { address: start, shape: [rows, ROW] } },
    segmentShapes: { all: [rows, ROW] },
    write(values) {
      for (const name of Object.keys(shapes)) {
        const data = values[name];
        if (data) driver.copyToDevice(address(name), data, stream);
      }
      driver.synchronize(stream);
    },
    read() {
      const values = new Float32Array(used);
      if (used > 0) driver.copyToHost(values, start, stream);
      driver.synchronize(stream);
      return Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => {
          const from = offsets[name] as number;
          return [name, { shape, data: values.slice(from, from + elementCount(shape)) }];
        }),
      );
    },
    clear,
    free: () => driver.free(start),
  };
}

/** A graph, and its work on the GPU once that is recorded. */
interface RecordableGraph {
  readonly raw: RawGraph;
  runs: number;
  recorded?: RecordedWork;
}

/** One graph with its feeds' place on the GPU, to which they go up while the GPU computes. */
class CudaGraph implements BoundGraph {
  readonly #cuda: CudaRuntime;
  readonly #feeds: readonly { readonly name: string; readonly address: DevicePointer }[];
  readonly #memory: DevicePointer;
  readonly #ring: UploadRing;
  readonly #graphs: RecordableGraph[];
  readonly #releaseSession: () => void;
  #slot = 0;

  constructor(
    cuda: CudaRuntime,
    model: Uint8Array,
    feeds: Feeds,
    bindings: readonly Bindings<DeviceTensor>[],
  ) {
    const { driver, runtime } = cuda;
    const entries = Object.entries(feeds);
    const bytes = entries.map(([, { type, shape }]) => elementCount(shape) * ELEMENT_BYTES[type]);
    const places = bytes.map((length) => Math.ceil(length / 256) * 256);
    const session = runtime.openSession(model);
    this.#cuda = cuda;
    this.#memory = driver.allocate(places.reduce((sum, length) => sum + length, 0));
    this.#feeds = entries.map(([name], index) => ({
      name,
      address: this.#memory + BigInt(places.slice(0, index).reduce((sum, b) => sum + b, 0)),
    }));
    this.#ring = new UploadRing(driver, bytes);
    const fed = Object.fromEntries(
      this.#feeds.map(({ name, address }) => [name, { address, ...feeds[name] } as DeviceTensor]),
    );
    this.#graphs = bindings.map(({ inputs, outputs }) => ({
      raw: session.bind({ ...inputs, ...fed, ...outputs }, Object.keys(outputs)),
      runs: 0,
    }));
    this.#releaseSession = () => session.release();
  }

  run(feeds: Readonly<Record<string, HostArray>>, binding = 0): void {
    const { driver, stream } = this.#cuda;
    const arrays = this.#feeds.map(({ name }) => feeds[name] as HostArray);
    if (this.#slot === this.#ring.slots) {
      driver.synchronize(stream);
      this.#slot = 0;
    }
    this.#ring.upload(this.#slot++, arrays).forEach((uploaded, index) => {
      const target = this.#feeds[index]?.address as DevicePointer;
      driver.copyOnDevice(target, uploaded, (arrays[index] as HostArray).byteLength, stream);
    });
    const graph = this.#graphs[binding] as RecordableGraph;
    if (graph.recorded) {
      graph.recorded.run();
      return;
    }
    graph.raw.run();
    if (++graph.runs === WARM_UP_RUNS)
      graph.recorded = driver.record(stream, () => graph.raw.run());
  }

  release(): void {
    const { driver, stream } = this.#cuda;
    driver.synchronize(stream);
    for (const { raw, recorded } of this.#graphs) {
      recorded?.release();
      raw.release();
    }
    this.#releaseSession();
    this.#ring.dispose();
    driver.free(this.#memory);
  }
}
