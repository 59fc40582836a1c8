import type { Prediction } from '../devices/device-network';
import type { WebGpuSession } from '../runtime/c-api/webgpu-runtime';
import { hostBytes, hostFloats } from '../runtime/webgpu/host-array';
import { inferenceGraph } from './network-graph';
import { type NetworkParts, withMemoryAdvice } from './network-parts';

/** Images that go through the network together. */
const LARGEST_BATCH = 32;

/** Answers for images, from the weights on the GPU as they are. */
export class WebGpuPredictor {
  readonly #parts: NetworkParts;
  readonly #sessions = new Map<string, WebGpuSession>();

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** One row for each of `count` images: [count × classes]. */
  run(pixels: Uint8Array, count: number, prediction: Prediction): Float32Array {
    const { classes } = this.#parts.sizes;
    const imageBytes = pixels.length / count;
    const answers = new Float32Array(count * classes);
    for (let start = 0; start < count; start += LARGEST_BATCH) {
      const size = Math.min(LARGEST_BATCH, count - start);
      const images = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const rows = withMemoryAdvice(size, () => this.#runBatch(images, size, prediction));
      answers.set(rows, start * classes);
    }
    return answers;
  }

  release(): void {
    for (const session of this.#sessions.values()) session.release();
    this.#sessions.clear();
  }

  #runBatch(images: Uint8Array, size: number, prediction: Prediction): Float32Array {
    const { runtime, sizes, state } = this.#parts;
    const bytes = hostBytes(images.length);
    bytes.set(images);
    const rows = hostFloats(size * sizes.classes);
    const input = runtime.lend(bytes, [size, images.length / size / 3, 3]);
    const output = runtime.lend(rows, [size, sizes.classes]);
    const inputs = { ...state.weights, pixels: input };
    const graph = this.#open(size, prediction).bind(inputs, { [prediction]: output });
    graph.run();
    for (const used of [graph, input, output]) used.release();
    return rows;
  }

  #open(size: number, prediction: Prediction): WebGpuSession {
    const { runtime, sizes, layout } = this.#parts;
    const key = `${prediction} ${size}`;
    const session =
      this.#sessions.get(key) ??
      runtime.openSession(inferenceGraph(sizes, layout, size, prediction));
    this.#sessions.set(key, session);
    return session;
  }
}
