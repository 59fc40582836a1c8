import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

export default defineConfig([
  packageBuild({ index: 'src/index.ts' }),
  // The program itself is started by Node.js alone; it needs neither CommonJS nor types.
  { ...packageBuild({ bin: 'src/bin.ts' }), format: ['esm'], dts: false, clean: false },
]);
