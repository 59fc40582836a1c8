import { type DevicePointer, type RecordedWork, UploadRing } from '@dlcmp/cuda';
import type { BoundGraph } from '../../runtime/c-api/device-session';
import type { Prediction } from '../device-network';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';
import { blockBuffers, type CudaNetwork, ForwardPass, forwardBufferSizes } from './forward-pass';

const FLOAT_BYTES = 4;
/** Runs after which ONNX Runtime has chosen its algorithms and has all the memory that it wants. */
const WARM_UP_RUNS = 2;

/** From pixels to answers for batches of one size, recorded once and then launched as a whole. */
export class InferencePass {
  readonly #network: CudaNetwork;
  readonly #buffers: DeviceBuffers;
  readonly #forward: ForwardPass;
  readonly #dense: BoundGraph;
  readonly #ring: UploadRing;
  readonly #work: RecordedWork;

  constructor(network: CudaNetwork, size: number) {
    const { engine, sizes } = network;
    const { height = 0, width = 0 } = sizes.blocks[0] ?? {};
    const pixels = size * height * width * 3;
    const rows = size * sizes.classes * FLOAT_BYTES;
    this.#network = network;
    this.#buffers = allocateBuffers(engine.driver, {
      ...forwardBufferSizes(sizes, size),
      pixels,
      logits: rows,
      probabilities: rows,
    });
    this.#forward = new ForwardPass(network, this.#buffers, size);
    this.#dense = this.#bindDense(size);
    this.#ring = new UploadRing(engine.driver, [pixels]);
    this.#work = this.#record();
  }

  /** Batches that may be under way, each in a slot of its own; whoever has used all waits for the GPU. */
  get slots(): number {
    return this.#ring.slots;
  }

  /** Queues a batch. Returns where its answers will be until the next one. */
  run(slot: number, pixels: Uint8Array, prediction: Prediction): DevicePointer {
    const { driver, stream } = this.#network.engine;
    const [uploaded] = this.#ring.upload(slot, [pixels]) as [bigint];
    driver.copyOnDevice(this.#buffers.address('pixels'), uploaded, pixels.length, stream);
    this.#work.run();
    return this.#buffers.address(prediction);
  }

  release(): void {
    this.#work.release();
    this.#forward.release();
    this.#dense.release();
    this.#buffers.free();
    this.#ring.dispose();
  }

  #record(): RecordedWork {
    const { driver, stream } = this.#network.engine;
    const compute = () => {
      this.#forward.run(this.#buffers.address('pixels'));
      this.#dense.run();
    };
    for (let run = 0; run < WARM_UP_RUNS; run++) compute();
    driver.synchronize(stream);
    return driver.record(stream, compute);
  }

  #bindDense(size: number): BoundGraph {
    const { sizes, sessions, memory } = this.#network;
    const { features, classes, blocks } = sizes;
    const names = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'];
    const answer = (name: Prediction) => ({
      address: this.#buffers.address(name),
      shape: [size, classes],
    });
    const tensors = {
      ...Object.fromEntries(names.map((name) => [name, memory.tensor('weights', name)])),
      features: {
        address: this.#buffers.address(blockBuffers(blocks.length - 1).pooled),
        shape: [size, features],
      },
      logits: answer('logits'),
      probabilities: answer('probabilities'),
    };
    return sessions.open('denseInference').bind(tensors, ['logits', 'probabilities']);
  }
}
