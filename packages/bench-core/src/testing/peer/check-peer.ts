import assert from 'node:assert/strict';
import type { CnnAdapter, ResourceUsage } from '@dlcmp/contract';
import {
  compareOutcomes,
  isWithinTolerance,
  PARITY_TOLERANCE,
} from '../../parity/compare-outcomes';
import { replayTrajectory } from '../../parity/replay-trajectory';
import { createRandomTrajectory } from '../../parity/trajectory';
import { createPeerAdapter } from '../../peer/peer-adapter';
import { peerEngines } from '../../peer/peer-backends';
import type { PeerManifest } from '../../peer/peer-manifest';
import { createReferenceCnn } from '../../reference-network/reference-cnn';
import { classifierContractCases } from '../classifier-contract-cases';
import { CONTRACT_SPEC, noiseImages, noiseProbes, SHORT_FIT } from '../contract-data';
import { runContractCase } from '../run-contract-case';
import { assertOffsets } from './assert-offsets';
import { type MisuseCase, misuseCases, runMisuseCase } from './misuse-cases';

/** One behaviour of a peer, and what is wrong with it. */
export interface PeerCheck {
  readonly name: string;
  /** Why it fails; undefined where it does not. */
  readonly failure?: string;
}

export interface PeerCheckOptions {
  /** ENGINE[@DEVICE]. Default: each engine on its first device. */
  readonly backend?: string | undefined;
  /** Default 1. */
  readonly threads?: number | undefined;
}

interface Check {
  readonly name: string;
  run(): Promise<void>;
}

/**
 * Holds a peer against the protocol, the contract suite and, where it is a CNN, the reference's
 * training trajectory. One that cannot train and predict at all is not asked for more.
 */
export async function* checkPeer(
  manifest: PeerManifest,
  options: PeerCheckOptions = {},
): AsyncGenerator<PeerCheck> {
  const { backend, threads = 1 } = options;
  const backends = backend ? [backend] : peerEngines(manifest).map(({ id }) => id);
  for (const [index, name] of backends.entries()) {
    // Misuse concerns the protocol, which the engines share.
    const misuses = index === 0 ? misuseCases : [];
    for await (const check of checkEngine(manifest, name, threads, misuses)) {
      yield backends.length === 1 ? check : { ...check, name: `${name}: ${check.name}` };
    }
  }
}

async function* checkEngine(
  manifest: PeerManifest,
  backend: string,
  threads: number,
  misuses: readonly MisuseCase[],
): AsyncGenerator<PeerCheck> {
  const adapter = createPeerAdapter(manifest);
  const expected = { family: manifest.family, backend, threads };
  const first = await outcome({
    name: 'describes itself, trains, predicts and counts what it uses',
    run: async () => {
      const classifier = await adapter.create(CONTRACT_SPEC, { backend, threads });
      try {
        await classifier.fit(noiseImages(), SHORT_FIT);
        await classifier.predict(noiseProbes().pixels, noiseProbes().count);
        assertUsage(await classifier.resourceUsage?.());
      } finally {
        await classifier.dispose();
      }
    },
  });
  yield first;
  if (first.failure) return;
  for (const misuse of misuses) {
    yield outcome({ name: misuse.name, run: () => runMisuseCase(misuse, manifest) });
  }
  for (const contractCase of classifierContractCases) {
    if (contractCase.family !== 'any' && contractCase.family !== manifest.family) continue;
    const run = () => runContractCase(contractCase, adapter, expected);
    yield outcome({ name: contractCase.name, run });
  }
  yield outcome({
    name: 'reads images at an offset into a larger file',
    run: () => assertOffsets(adapter, { backend, threads }),
  });
  if (adapter.family === 'cnn') {
    const run = () => assertParity(adapter, { backend, threads });
    yield outcome({ name: 'trains along the trajectory of the reference', run });
  }
}

async function outcome({ name, run }: Check): Promise<PeerCheck> {
  try {
    await run();
    return { name };
  } catch (error) {
    return { name, failure: error instanceof Error ? error.message : String(error) };
  }
}

function assertUsage(usage: ResourceUsage | undefined): void {
  const { cpuSeconds = 0, peakRssBytes = 0 } = usage ?? {};
  assert(cpuSeconds > 0, `After training, usage says ${cpuSeconds} s of processor time.`);
  assert(peakRssBytes > 100_000, `usage says ${peakRssBytes} bytes of memory.`);
}

async function assertParity(
  adapter: CnnAdapter,
  options: { backend: string; threads: number },
): Promise<void> {
  const trajectory = createRandomTrajectory(CONTRACT_SPEC.classNames, CONTRACT_SPEC.seed);
  const reference = await replayTrajectory(createReferenceCnn(), trajectory, {});
  const errors = compareOutcomes(await replayTrajectory(adapter, trajectory, options), reference);
  const said = Object.entries(errors).map(([quantity, error]) => `${quantity} ${error}`);
  assert(isWithinTolerance(errors, PARITY_TOLERANCE), `Beyond tolerance: ${said.join(', ')}.`);
}
