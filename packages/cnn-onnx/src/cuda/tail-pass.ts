import type { InferenceOutput } from '@dlcmp/contract';
import type { DevicePointer, RecordedWork } from '@dlcmp/cuda';
import type { BoundGraph } from '../runtime/c-api/device-session';
import { allocateBuffers, type DeviceBuffers } from './device-buffers';
import type { CudaNetwork } from './forward-pass';
import { FEATURES, tailWeightNames } from './graphs';
import { recordWarm } from './record-warm';

const FLOAT_BYTES = 4;

/**
 * From the last block's images to answers for one number of them, recorded once. A large matrix is read once for all, which
 * takes as long for few as for many.
 */
export class TailPass {
  readonly #buffers: DeviceBuffers;
  readonly #graph: BoundGraph;
  readonly #work: RecordedWork;

  /** @param features where they lie on the GPU: [size × values of an image] */
  constructor(
    { engine, plan, sessions, memory }: CudaNetwork,
    features: DevicePointer,
    size: number,
  ) {
    const { classCount } = plan.network;
    const rows = size * classCount * FLOAT_BYTES;
    this.#buffers = allocateBuffers(engine.driver, { logits: rows, probabilities: rows });
    const weights = tailWeightNames(plan);
    const answer = (name: InferenceOutput) => ({
      address: this.#buffers.address(name),
      shape: [size, classCount],
    });
    const tensors = {
      ...Object.fromEntries(weights.map((name) => [name, memory.tensor('weights', name)])),
      [FEATURES]: { address: features, shape: [size, ...plan.tailShape] },
      logits: answer('logits'),
      probabilities: answer('probabilities'),
    };
    this.#graph = sessions.open('tailInference').bind(tensors, ['logits', 'probabilities']);
    this.#work = recordWarm(engine, () => this.#graph.run());
  }

  /** Queues the work. Returns where its answers will be until the next one: [size × classes]. */
  run(output: InferenceOutput): DevicePointer {
    this.#work.run();
    return this.#buffers.address(output);
  }

  release(): void {
    this.#work.release();
    this.#graph.release();
    this.#buffers.free();
  }
}
