import { describePeerCommand, type PeerManifest, readPeerManifest } from '@dlcmp/bench-core/peer';
import { checkPeer } from '@dlcmp/bench-core/testing';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { positiveNumber, wholeNumber } from '../options/parse-values';
import { findPeers } from '../peer-registry';

interface PeerCheckFlags {
  readonly backend?: string;
  readonly threads: number;
  readonly silence: number;
}

const EXAMPLES = `
Examples:
  $ dlcmp peer check pytorch                      a peer of ./peers
  $ dlcmp peer check peers/jax/peer.json          a manifest
  $ dlcmp peer check perl nearest_mean.pl         a command
`;

export function addPeerCheckCommand(peer: Command): void {
  peer
    .command('check')
    .summary('hold a peer against the protocol and the contract')
    .description(
      'Runs the misuse tests, the contract suite and, for a CNN, the training trajectory of the reference against a peer, and prints what fails. Exits 1 where anything does.',
    )
    .argument('<command...>', "a peer's name, its peer.json, or the command that starts it")
    .option(
      '--backend <NAME>',
      'ENGINE[@DEVICE] to check (default: every engine on its first device)',
    )
    .option('--threads <N>', 'threads the framework may use', wholeNumber(1), 1)
    .option('--silence <SECONDS>', 'after which a peer counts as hung', positiveNumber, 60)
    .passThroughOptions()
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], flags: PeerCheckFlags) => {
      process.exitCode = await peerCheck(words, flags);
    });
}

async function peerCheck(words: readonly string[], flags: PeerCheckFlags): Promise<number> {
  const manifest = { ...(await resolvePeer(words)), silenceSeconds: flags.silence };
  print(`${manifest.id} (${manifest.family}): ${manifest.command.join(' ')}\n`);
  let count = 0;
  let failed = 0;
  for await (const { name, failure } of checkPeer(manifest, flags)) {
    count++;
    if (failure !== undefined) failed++;
    print(failure === undefined ? `✓ ${name}` : `✗ ${name}\n    ${failure}`);
  }
  print(`\n${count - failed} of ${count} passed.`);
  return failed === 0 ? EXIT.success : EXIT.failure;
}

async function resolvePeer(words: readonly string[]): Promise<PeerManifest> {
  const [first = ''] = words;
  if (words.length === 1) {
    if (first.endsWith('.json')) return readPeerManifest(first);
    const known = (await findPeers()).find(({ id }) => id === first);
    if (known) return known;
  }
  return describePeerCommand(words.length === 1 ? first.split(/\s+/) : words, process.cwd());
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
