import { createGenerator, nextInteger } from '@dlcmp/contract';

/**
 * How often tree number `tree` sees each sample: as many draws with replacement as there are
 * samples (Breiman 1996, "Bagging predictors").
 */
export function drawBootstrap(seed: number, tree: number, sampleCount: number): Uint32Array {
  const generator = createGenerator(seed, 'forest/bootstrap', tree);
  const counts = new Uint32Array(sampleCount);
  for (let draw = 0; draw < sampleCount; draw++) {
    const sample = nextInteger(generator, sampleCount);
    counts[sample] = (counts[sample] as number) + 1;
  }
  return counts;
}
