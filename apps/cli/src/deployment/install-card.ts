import {
  folderBytes,
  type InstallCard,
  measureInstall,
  type SelectedAdapter,
} from '@dlcmp/bench-core';
import { installedLibraryFolder } from '@dlcmp/tensorflow/setup';
import { packageFolder } from '../adapter-registry';
import { environmentsOf, type Runtime, runtimeOf } from './environments';

/** What npm installs for a contender, from what lies here; undefined of a peer, which it does not install. */
export function installCard({ adapter, backend }: SelectedAdapter): InstallCard | undefined {
  const folder = packageFolder(adapter.id);
  if (folder === undefined) return undefined;
  const runtime = runtimeOf(adapter.id, backend);
  return {
    ...measureInstall(folder),
    native: nativeLibrary(runtime),
    environments: runtime ? environmentsOf(runtime) : [],
  };
}

/** TensorFlow's, where setup has brought it; what the user names is not counted, nor NVIDIA's libraries. */
function nativeLibrary(runtime: Runtime | undefined): InstallCard['native'] {
  if (runtime === 'onnxruntime' || runtime === 'javascript') return undefined;
  const isOwn = runtime === 'tensorflow' && process.env.DLCMP_TENSORFLOW === undefined;
  const folder = isOwn ? installedLibraryFolder() : undefined;
  return folder === undefined
    ? null
    : { command: 'dlcmp setup tensorflow', bytes: folderBytes(folder) };
}
