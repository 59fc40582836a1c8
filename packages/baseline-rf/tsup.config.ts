import asc from 'assemblyscript/asc';
import { defineConfig } from 'tsup';
import { copyProtobufLicences } from '../../tooling/copy-licences';
import { packageBuild } from '../../tooling/tsup.base';

export default defineConfig({
  ...packageBuild({ index: 'src/index.ts', 'forest-worker': 'src/exact/forest-worker.ts' }),
  /** Compiles `assembly/` as `asconfig.json` says, into `dist/tree-grower.wasm`. */
  onSuccess: async () => {
    copyProtobufLicences(import.meta.url);
    const { error, stderr } = await asc.main([]);
    if (error) throw new Error(stderr.toString(), { cause: error });
  },
});
