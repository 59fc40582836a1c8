import { packedArchive } from '../library/named-library';

/**
 * Has the archive that `DLCMP_TENSORFLOW` names unpacked into the cache, where that is still to be done.
 *
 * @throws `BACKEND_UNAVAILABLE`
 */
export async function unpackNamedArchive(): Promise<void> {
  const from = packedArchive();
  if (from === undefined) return;
  const { setupTensorFlow } = await import('./setup-tensorflow');
  await setupTensorFlow({ from });
}
