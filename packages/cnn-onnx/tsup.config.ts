import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

/** Bundled, protobufjs is 0.3 MB instead of 4; its licence travels along, and that of its part `long`. */
function copyLicences(): void {
  const require = createRequire(import.meta.url);
  const installed = dirname(dirname(require.resolve('protobufjs/package.json')));
  for (const name of ['protobufjs', 'long']) {
    copyFileSync(join(installed, name, 'LICENSE'), join('dist', `LICENSE.${name}`));
  }
}

export default defineConfig({
  ...packageBuild({ index: 'src/index.ts' }),
  onSuccess: async () => copyLicences(),
});
