import type { EngineDescription } from '@dlcmp/contract';

/** What can grow the trees. */
export type EngineName = 'exact' | 'ml-random-forest';

/** What tables say of each. */
export const FOREST_ENGINES: Readonly<Record<EngineName, EngineDescription>> = {
  exact: {
    id: 'exact',
    title: 'Random forest of dlcmp',
    devices: ['cpu'],
    computedBy: [
      { part: 'trees', by: 'dlcmp', what: "scikit-learn's algorithm, in WebAssembly of dlcmp" },
    ],
  },
  'ml-random-forest': {
    id: 'ml-random-forest',
    title: 'Random forest of ml-random-forest',
    devices: ['cpu'],
    computedBy: [{ part: 'trees', by: 'framework', what: 'the npm package ml-random-forest' }],
  },
};
