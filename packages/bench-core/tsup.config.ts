import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

export default defineConfig({
  ...packageBuild({
    index: 'src/index.ts',
    testing: 'src/testing/index.ts',
    peer: 'src/peer/index.ts',
    results: 'src/results/index.ts',
    'trial-process': 'src/run/trial-process.ts',
    'cold-start-program': 'src/measure/cold-start/cold-start-program.ts',
    'server-program': 'src/measure/server/server-program.ts',
  }),
  // Many megabytes installed, of which little is used, and every adapter brings this package.
  noExternal: ['zod', 'simple-statistics'],
});
