import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { createPeerAdapter, type PeerManifest } from '../../src/peer';
import { checkPeer } from '../../src/testing';
import { CONTRACT_SPEC, noiseImages, noiseProbes } from '../../src/testing/contract-data';
import { inStoppedTime } from './stopped-time';

const directory = fileURLToPath(new URL('./fixtures', import.meta.url));

/** Each fault, and what must be said of it. */
const FAULTS: Readonly<Record<string, RegExp>> = {
  'garbage on its output': /wrote "Epoch 1\/10": it is not JSON/,
  'no message of the protocol': /wrote ".*hello/,
  'silence from the start': /said nothing for 4 s while "describe"/,
  'silence when asked': /said nothing for 4 s while "predict"/,
  'an exit at the start': /ended with exit code 4 before it answered "describe"/,
  'an exit in training': /ended with exit code 3 before it answered "train".*out of patience/s,
  'a huge line': /wrote a line of more than 1048576 characters/,
  'another version of the protocol': /answered "describe" with .*protocolVersion/s,
  'another family': /fake \(forest\) says that it is fake of the family cnn/,
  'no backend': /answered "describe" with .*backends/s,
  'too few predictions': /wrote 26 probabilities for 9 images of 3 classes/,
  'NaN probabilities': /predicted NaN, which is no probability/,
  'negative probabilities': /predicted -1, which is no probability/,
  'probabilities that sum to 3': /sum to 3/,
  'no predictions at all': /wrote 0 probabilities for 9 images/,
  'a lie about the images predicted': /predicted 8 images of 9/,
  'a lie about its trees': /claims 9 trees, but reported 5 of 5/,
  'trees left out of its progress': /reported tree 2 of 5 after tree 0/,
  'an answer to another request': /no such request is under way/,
  'two answers to one request': /no such request is under way|answered "train"/,
  'an answer of another shape': /answered "usage" with .*cpuSeconds/s,
  'an error of its own': /CUDA out of memory/,
  'an error when asked what it is': /no licence found/,
};

/** Faults that no single trial can tell from a good answer, and what the check says. */
const QUIET_FAULTS: Readonly<Record<string, RegExp>> = {
  'silence while it frees its model': /said nothing for 4 s while "dispose"/,
  'no end when its input closes': /was not done after 30 s/,
  'answers that depend on the other images': /alone/,
  'another model at each training': /seed/,
  'nothing saved': /INVALID_FILE|cannot be read|ENOENT/,
  'the first images whatever the offset': /offset/,
};

function peer(fault: string, silentFile = ''): PeerManifest {
  return {
    id: 'fake',
    displayName: 'Fake',
    family: 'forest',
    command: ['{node}', 'faulty-peer.mjs', fault],
    backends: ['cpu'],
    install: 'Install Node.js.',
    directory,
    silenceSeconds: 4,
    environment: { DLCMP_TEST_SILENT: silentFile },
  };
}

/** What a trial does with a classifier. */
function use(fault: string): Promise<void> {
  return inStoppedTime((silentFile) => useClassifier(peer(fault, silentFile)));
}

async function useClassifier(manifest: PeerManifest): Promise<void> {
  const classifier = await createPeerAdapter(manifest).create(CONTRACT_SPEC);
  try {
    await classifier.fit(noiseImages());
    await classifier.predict(noiseProbes().pixels, noiseProbes().count);
    await classifier.resourceUsage?.();
  } finally {
    await classifier.dispose();
  }
}

function firstFailure(fault: string): Promise<string | undefined> {
  return inStoppedTime(async (silentFile) => {
    for await (const { failure } of checkPeer(peer(fault, silentFile))) if (failure) return failure;
    return undefined;
  });
}

describe('a peer that goes wrong', () => {
  it.each(Object.entries(FAULTS))('with %s fails with the reason', async (fault, reason) => {
    const error = await use(fault).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'DlcmpError', message: expect.stringMatching(reason) });
  });

  it.each(Object.entries(FAULTS))('with %s does not pass the check', async (fault, reason) => {
    expect(await firstFailure(fault)).toMatch(reason);
  });

  it.each(Object.entries(QUIET_FAULTS))(
    'with %s does not pass the check',
    async (fault, reason) => {
      expect(await firstFailure(fault)).toMatch(reason);
    },
  );

  it('is ended where it hangs while it frees its model', async () => {
    await expect(use('silence while it frees its model')).resolves.toBeUndefined();
  });

  it('says what is missing, and how to get it, where it cannot start', async () => {
    const manifest = { ...peer('none'), command: ['there-is-no-such-program'] };
    const [probe] = await createPeerAdapter(manifest).probe();
    expect(probe).toMatchObject({ available: false });
    expect(probe).toHaveProperty('reason', expect.stringContaining('Install Node.js.'));
  });
});

describe("a peer's manifest", () => {
  async function fit(environment: Record<string, string>) {
    const manifest = { ...peer('its environment'), environment };
    const classifier = await createPeerAdapter(manifest).create(CONTRACT_SPEC);
    const summary = await classifier.fit(noiseImages());
    await classifier.dispose();
    return summary;
  }

  it('sets the environment, and the result says so', async () => {
    const { details, notes } = await fit({ DLCMP_TEST_GREETING: 'hello' });
    expect(details.greeting).toBe('hello');
    expect(notes).toEqual(['It ran with DLCMP_TEST_GREETING=hello in its environment.']);
  });

  it("leaves the user's own variables as they are", async () => {
    process.env.DLCMP_TEST_GREETING = 'good day';
    const { details, notes } = await fit({ DLCMP_TEST_GREETING: 'hello' });
    delete process.env.DLCMP_TEST_GREETING;
    expect(details.greeting).toBe('good day');
    expect(notes[0]).toContain('DLCMP_TEST_GREETING=good day');
  });

  it('gives one program a name of its own', async () => {
    const probes = await createPeerAdapter({ ...peer('none'), id: 'fake-tuned' }).probe();
    expect(probes).toMatchObject([{ name: 'stock', available: true }]);
  });
});

describe('a peer that works', () => {
  it('passes the check', async () => {
    expect(await firstFailure('none')).toBeUndefined();
  });
});
