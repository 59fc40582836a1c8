import { askDescription } from './ask-description';
import type { PeerManifest } from './peer-manifest';
import { PeerProcess } from './peer-process';

/**
 * The manifest of a peer that has none yet, from what it says of itself.
 *
 * @param command program and arguments, run in `directory`
 * @throws `FRAMEWORK_MISSING` where it cannot be started, `PEER_FAILED`
 */
export async function describePeerCommand(
  command: readonly string[],
  directory: string,
): Promise<PeerManifest> {
  const stranger = {
    id: command.join(' '),
    displayName: '',
    command: [...command],
    backends: [],
    install: 'Is the command right?',
    directory,
  } satisfies Partial<PeerManifest>;
  const process = new PeerProcess({ ...stranger, family: 'cnn' });
  try {
    const said = await askDescription(process);
    const { id, displayName, family } = said;
    return { ...stranger, id, displayName, family, backends: said.backends.map((b) => b.name) };
  } finally {
    process.end();
  }
}
