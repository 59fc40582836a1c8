import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';
import { bundleTfjsNode } from './build/bundle-tfjs-node';

export default defineConfig({
  ...packageBuild({
    index: 'src/index.ts',
    register: 'src/register.ts',
    engine: 'src/engine.ts',
    setup: 'src/setup.ts',
    'library-version': 'src/library-version.ts',
    'tile-functions': 'src/winograd/tile-functions.ts',
  }),
  async onSuccess() {
    await bundleTfjsNode('dist/tfjs-node.cjs');
  },
});
