import type { DevicePointer, RecordedWork } from '@dlcmp/cuda';
import type { Prediction } from '../devices/device-network';
import type { BoundGraph } from '../runtime/c-api/device-session';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';
import type { CudaNetwork } from './forward-pass';
import { recordWarm } from './record-warm';

const FLOAT_BYTES = 4;

/**
 * From features to answers for one number of images, recorded once. The large matrix is read once for all of them, which
 * takes as long for few as for many.
 */
export class DensePass {
  readonly #buffers: DeviceBuffers;
  readonly #graph: BoundGraph;
  readonly #work: RecordedWork;

  /** @param features where they lie on the GPU: [size × features] */
  constructor(
    { engine, sizes, sessions, memory }: CudaNetwork,
    features: DevicePointer,
    size: number,
  ) {
    const rows = size * sizes.classes * FLOAT_BYTES;
    this.#buffers = allocateBuffers(engine.driver, { logits: rows, probabilities: rows });
    const weights = ['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'];
    const answer = (name: Prediction) => ({
      address: this.#buffers.address(name),
      shape: [size, sizes.classes],
    });
    const tensors = {
      ...Object.fromEntries(weights.map((name) => [name, memory.tensor('weights', name)])),
      features: { address: features, shape: [size, sizes.features] },
      logits: answer('logits'),
      probabilities: answer('probabilities'),
    };
    this.#graph = sessions.open('denseInference').bind(tensors, ['logits', 'probabilities']);
    this.#work = recordWarm(engine, () => this.#graph.run());
  }

  /** Queues the work. Returns where its answers will be until the next one: [size × classes]. */
  run(prediction: Prediction): DevicePointer {
    this.#work.run();
    return this.#buffers.address(prediction);
  }

  release(): void {
    this.#work.release();
    this.#graph.release();
    this.#buffers.free();
  }
}
