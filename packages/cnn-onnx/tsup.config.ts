import { defineConfig } from 'tsup';
import { copyProtobufLicences } from '../../tooling/copy-licences';
import { packageBuild } from '../../tooling/tsup.base';

export default defineConfig({
  ...packageBuild({ index: 'src/index.ts', layers: 'src/layers/index.ts' }),
  onSuccess: async () => copyProtobufLicences(import.meta.url),
});
