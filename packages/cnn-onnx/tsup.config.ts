import { defineConfig } from 'tsup';
import { copyProtobufLicences } from '../../tooling/copy-licences';
import { packageBuild } from '../../tooling/tsup.base';

export default defineConfig({
  ...packageBuild({
    index: 'src/index.ts',
    layers: 'src/layers.ts',
    'native-multiply': 'src/runtime/native-multiply.ts',
    'webgpu-probe': 'src/webgpu-probe.ts',
  }),
  async onSuccess() {
    copyProtobufLicences(import.meta.url);
  },
});
