import { type CnnAdapter, defineNetworkAdapter } from '@dlcmp/contract';
import { referenceEngine } from './reference-engine';

/**
 * An adapter of one engine, `float64`: the contract's cases hold other adapters against it, and it stands in for a framework
 * in tests of whatever drives adapters.
 */
export function createReferenceCnn(): CnnAdapter {
  return defineNetworkAdapter({
    id: 'reference-cnn',
    displayName: 'Reference CNN',
    frameworkDefaults: {
      initializer: 'uniform-fan-in',
      adamEpsilon: 1e-8,
      augmentation: 'horizontal-flip',
    },
    engines: [referenceEngine],
  });
}
