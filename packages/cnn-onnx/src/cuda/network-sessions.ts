import type { NetworkSizes } from '../devices/network-sizes';
import type { DeviceRuntime, DeviceSession } from '../runtime/c-api/device-session';
import {
  convolutionGraph,
  denseInferenceGraph,
  denseTrainingGraph,
  imageGradientGraph,
  kernelGradientGraph,
} from './graphs';

type GraphName =
  | 'convolution'
  | 'kernelGradient'
  | 'imageGradient'
  | 'denseTraining'
  | 'denseInference';

/**
 * Makes the graphs ready, once for each place and batch size where one runs: a convolution that sees another shape than last
 * time plans anew, for 10 ms.
 */
export class NetworkSessions {
  readonly #runtime: DeviceRuntime;
  readonly #models: Readonly<Record<GraphName, () => Uint8Array>>;
  readonly #sessions: DeviceSession[] = [];

  constructor(runtime: DeviceRuntime, sizes: NetworkSizes) {
    this.#runtime = runtime;
    this.#models = {
      convolution: convolutionGraph,
      kernelGradient: kernelGradientGraph,
      imageGradient: imageGradientGraph,
      denseTraining: () => denseTrainingGraph(sizes),
      denseInference: () => denseInferenceGraph(sizes),
    };
  }

  /** A session for one binding. */
  open(name: GraphName): DeviceSession {
    const session = this.#runtime.openSession(this.#models[name]());
    this.#sessions.push(session);
    return session;
  }

  release(): void {
    for (const session of this.#sessions.splice(0)) session.release();
  }
}
