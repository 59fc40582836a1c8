import { UploadRing } from '@dlcmp/cuda';
import type { BoundGraph } from '../../runtime/c-api/device-session';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';
import { blockBuffers, type CudaNetwork, ForwardPass, forwardBufferSizes } from './forward-pass';

export type Prediction = 'logits' | 'probabilities';

/** Images that go through the network together. */
const LARGEST_BATCH = 256;
const FLOAT_BYTES = 4;

/** What batches of one size need. */
interface SizedPrediction {
  readonly buffers: DeviceBuffers;
  readonly forward: ForwardPass;
  readonly dense: BoundGraph;
  readonly ring: UploadRing;
}

/** Answers for images, from the weights on the GPU as they are. */
export class CudaPredictor {
  readonly #network: CudaNetwork;
  readonly #sized = new Map<number, SizedPrediction>();

  constructor(network: CudaNetwork) {
    this.#network = network;
  }

  /** One row for each of `count` images: [count × classes]. */
  run(pixels: Uint8Array, count: number, prediction: Prediction): Float32Array {
    const { classes, blocks } = this.#network.sizes;
    const { height = 0, width = 0 } = blocks[0] ?? {};
    const imageBytes = height * width * 3;
    const { driver, stream } = this.#network.engine;
    const answers = new Float32Array(count * classes);
    for (let start = 0; start < count; start += LARGEST_BATCH) {
      const size = Math.min(LARGEST_BATCH, count - start);
      const { buffers, forward, dense, ring } = this.#open(size);
      const batch = pixels.subarray(start * imageBytes, (start + size) * imageBytes);
      const [address] = ring.upload(0, [batch]) as [bigint];
      forward.run(address);
      dense.run();
      const rows = answers.subarray(start * classes, (start + size) * classes);
      driver.copyToHost(rows, buffers.address(prediction), stream);
      driver.synchronize(stream);
    }
    return answers;
  }

  release(): void {
    for (const { buffers, forward, dense, ring } of this.#sized.values()) {
      forward.release();
      dense.release();
      buffers.free();
      ring.dispose();
    }
    this.#sized.clear();
  }

  #open(size: number): SizedPrediction {
    const known = this.#sized.get(size);
    if (known) return known;
    const network = this.#network;
    const { sizes, engine } = network;
    const { classes, blocks } = sizes;
    const { height = 0, width = 0 } = blocks[0] ?? {};
    const rows = size * classes * FLOAT_BYTES;
    const buffers = allocateBuffers(engine.driver, {
      ...forwardBufferSizes(sizes, size),
      logits: rows,
      probabilities: rows,
    });
    const opened = {
      buffers,
      forward: new ForwardPass(network, buffers, size),
      dense: this.#bindDense(buffers, size),
      ring: new UploadRing(engine.driver, [size * height * width * 3]),
    };
    this.#sized.set(size, opened);
    return opened;
  }

  #bindDense(buffers: DeviceBuffers, size: number): BoundGraph {
    const { sizes, sessions, memory } = this.#network;
    const { features, classes, blocks } = sizes;
    const names = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'];
    const answer = (name: Prediction) => ({
      address: buffers.address(name),
      shape: [size, classes],
    });
    const tensors = {
      ...Object.fromEntries(names.map((name) => [name, memory.tensor('weights', name)])),
      features: {
        address: buffers.address(blockBuffers(blocks.length - 1).pooled),
        shape: [size, features],
      },
      logits: answer('logits'),
      probabilities: answer('probabilities'),
    };
    return sessions.open('denseInference').bind(tensors, ['logits', 'probabilities']);
  }
}
