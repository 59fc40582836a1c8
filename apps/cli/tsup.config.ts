import { cp } from 'node:fs/promises';
import { defineConfig } from 'tsup';
import { packageBuild } from '../../tooling/tsup.base';

/** The peers of this workspace come with the package. */
function copyPeers(): Promise<void> {
  const isSource = (path: string) => !path.endsWith('__pycache__');
  return cp('../../peers', 'dist/peers', { recursive: true, filter: isSource });
}

export default defineConfig([
  { ...packageBuild({ index: 'src/index.ts' }), onSuccess: copyPeers },
  // The program itself is started by Node.js alone; it needs neither CommonJS nor types.
  { ...packageBuild({ bin: 'src/bin.ts' }), format: ['esm'], dts: false, clean: false },
]);
