import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

export default defineConfig(
  packageBuild({ index: 'src/index.ts', 'model-process': 'src/process/model-program.ts' }),
);
