import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

export default defineConfig(
  packageBuild({ index: 'src/index.ts', 'serving-worker': 'src/worker/worker-program.ts' }),
);
