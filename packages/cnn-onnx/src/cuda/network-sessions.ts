import type { DeviceRuntime, DeviceSession } from '../runtime/c-api/device-session';
import {
  convolutionGraph,
  imageGradientGraph,
  kernelGradientGraph,
  tailInferenceGraph,
  tailTrainingGraph,
} from './graphs';
import type { NetworkPlan } from './plan-network';

type GraphName =
  | 'convolution'
  | 'kernelGradient'
  | 'imageGradient'
  | 'tailTraining'
  | 'tailInference';

/**
 * Makes the graphs ready, once for each place and batch size where one runs: a convolution that sees another shape than last
 * time plans anew, for 10 ms.
 */
export class NetworkSessions {
  readonly #runtime: DeviceRuntime;
  readonly #models: Readonly<Record<GraphName, () => Uint8Array>>;
  readonly #sessions: DeviceSession[] = [];

  constructor(runtime: DeviceRuntime, plan: NetworkPlan) {
    this.#runtime = runtime;
    this.#models = {
      convolution: convolutionGraph,
      kernelGradient: kernelGradientGraph,
      imageGradient: imageGradientGraph,
      tailTraining: () => tailTrainingGraph(plan),
      tailInference: () => tailInferenceGraph(plan),
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
