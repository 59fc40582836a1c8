import { assertArgument } from './errors';
import { assertFitsMemory } from './memory-limit';
import { type ModelSpec, networkOf } from './model-spec';
import { assertNetworkWeights, drawNetworkWeights } from './network/network-weights';
import type { Network } from './network/resolve-network';
import type { Weights } from './weights';

/**
 * The weights and state `spec` starts from: `spec.initialWeights` where given (checked), else drawn by
 * `spec.seed` with `spec.initializer`.
 *
 * @throws `INVALID_ARGUMENT`, also where one of them is not finite or the machine's memory does not suffice to train them
 */
export function createInitialWeights(spec: ModelSpec, network: Network = networkOf(spec)): Weights {
  if (spec.initialWeights) {
    assertNetworkWeights(spec.initialWeights, network);
    for (const [name, { data }] of Object.entries(spec.initialWeights)) {
      const wrong = data.find((value) => !Number.isFinite(value));
      assertArgument(
        wrong === undefined,
        `The weight ${name} of initialWeights holds ${wrong}: check the file or the code that they come from.`,
      );
    }
    return spec.initialWeights;
  }
  assertFitsMemory(network.weightShapes);
  return drawNetworkWeights(network, spec.seed, spec.initializer);
}
