import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

// One form alone, as tfjs-node has: programs that import it and packages that require it must get the same.
export default defineConfig({ ...packageBuild({ index: 'src/index.ts' }), format: ['cjs'] });
