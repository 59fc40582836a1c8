import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Copies the licences of protobufjs and its part `long` into a package's `dist`: bundled, it is
 * 0.3 MB instead of 4, and its licence travels along.
 *
 * @param importer URL of a module that can resolve protobufjs
 */
export function copyProtobufLicences(importer: string): void {
  const require = createRequire(importer);
  const installed = dirname(dirname(require.resolve('protobufjs/package.json')));
  for (const name of ['protobufjs', 'long']) {
    copyFileSync(join(installed, name, 'LICENSE'), join('dist', `LICENSE.${name}`));
  }
}
