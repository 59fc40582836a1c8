import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { PeerManifest } from '../../src/peer';
import { checkPeer } from '../../src/testing';

/** Each keeps the protocol and computes something else: a case that must tell, and what it says. */
const FAULTS: Readonly<Record<string, RegExp>> = {
  'flips left out': /fit takes the plan's batches/,
  'flips by position': /fit takes the plan's batches/,
  'a learning rate of its own': /fit learns classes|trainStep returns|steps/,
  'masks left out': /trainStep returns the loss before its update/,
  'an order of its own': /trainStep returns the loss/,
  'the last batch dropped': /ended an epoch of 3 steps after 2/,
  'a second create ignored': /a second fit forgets the first/,
  'a restart at every epoch': /fit learns classes/,
  'weights in another layout': /a loaded model answers as the saved one/,
  'gradients of the sum': /gradients agree with finite differences/,
  'probabilities for logits': /logits of the untrained network/,
};

function peer(fault: string, version = 2): PeerManifest {
  return {
    id: 'fake',
    displayName: 'Fake',
    family: 'cnn',
    command: ['{node}', 'faulty-cnn-peer.mjs', fault],
    backends: ['cpu'],
    install: 'Install Node.js.',
    environment: { DLCMP_TEST_VERSION: `${version}` },
    directory: fileURLToPath(new URL('./fixtures', import.meta.url)),
  };
}

async function firstFailure(fault: string, version?: number): Promise<string | undefined> {
  for await (const { name, failure } of checkPeer(peer(fault, version))) {
    if (failure !== undefined) return `${name}: ${failure}`;
  }
  return undefined;
}

describe('a CNN that keeps the protocol and computes something else', () => {
  it.each(Object.entries(FAULTS))('with %s does not pass the check', async (fault, reason) => {
    expect(await firstFailure(fault)).toMatch(reason);
  });
});

describe('a CNN that works', () => {
  it.each([1, 2])('passes the check in version %i of the protocol', async (version) => {
    expect(await firstFailure('none', version)).toBeUndefined();
  });
});
