import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Folders of training trajectories that PyTorch recorded in float64, by name: a small one that is
 * committed, and larger ones where a checkout has them beside it.
 */
export const RECORDED_TRAJECTORIES: readonly (readonly [name: string, directory: string])[] = [
  ['small-11x17', here('../packages/bench-core/test/testing/fixtures/pytorch-trajectory')] as const,
  ['odd-37x29', here('../../shared/oracle/odd-37x29')] as const,
  ['square-24', here('../../shared/oracle/square-24')] as const,
].filter(([, directory]) => existsSync(directory));
