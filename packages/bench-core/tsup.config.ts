import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

export default defineConfig({
  ...packageBuild({
    index: 'src/index.ts',
    contract: 'src/contract/index.ts',
    testing: 'src/testing/index.ts',
    report: 'src/report/index.ts',
    'trial-process': 'src/run/trial-process.ts',
  }),
  // Seven megabytes installed, of which a few dozen kilobytes are used; adapters bring this package.
  noExternal: ['zod'],
});
