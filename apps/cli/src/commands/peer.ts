import type { Command } from 'commander';
import { addPeerCheckCommand } from './peer-check';

export function addPeerCommand(program: Command): void {
  const peer = program
    .command('peer')
    .summary('adapters in other languages')
    .description('Frameworks in other languages, over the protocol of docs/peer-protocol.md.');
  addPeerCheckCommand(peer);
}
