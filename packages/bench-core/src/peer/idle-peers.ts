import { DlcmpError } from '@dlcmp/contract';
import { askDescription } from './ask-description';
import type { PeerManifest } from './peer-manifest';
import type { PeerAnswer } from './peer-messages';
import { PeerProcess } from './peer-process';

const IDLE_MS = 5000;

/** A peer's process with what it said of itself. */
export interface DescribedPeer {
  readonly process: PeerProcess;
  readonly description: PeerAnswer<'describe'>;
  /** Which engine it computed with: settings of its process, such as an allocator's, stay as they are. */
  engine: string | undefined;
}

/**
 * Starts peers, and keeps those that are done for the next classifier: importing a framework takes
 * seconds. A process serves one model at a time.
 */
export class IdlePeers {
  readonly #manifest: PeerManifest;
  readonly #idle = new Map<DescribedPeer, NodeJS.Timeout>();

  constructor(manifest: PeerManifest) {
    this.#manifest = manifest;
  }

  /**
   * A peer that computed with no other engine than `engine`, or any where that is undefined.
   *
   * @throws `FRAMEWORK_MISSING`, `PEER_FAILED`
   */
  async take(engine?: string): Promise<DescribedPeer> {
    for (const [peer, timer] of this.#idle) {
      if (engine !== undefined && peer.engine !== undefined && peer.engine !== engine) continue;
      clearTimeout(timer);
      this.#idle.delete(peer);
      peer.process.hold(true);
      if (peer.process.isAlive) return served(peer, engine);
    }
    return served(await this.#start(), engine);
  }

  /** Gives back a peer whose model is gone; it ends after a while without use. */
  giveBack(peer: DescribedPeer): void {
    if (!peer.process.isAlive) return;
    peer.process.hold(false);
    const end = () => {
      this.#idle.delete(peer);
      peer.process.end();
    };
    this.#idle.set(peer, setTimeout(end, IDLE_MS).unref());
  }

  async #start(): Promise<DescribedPeer> {
    const { id, family } = this.#manifest;
    const process = new PeerProcess(this.#manifest);
    const description = await askDescription(process).catch((error: unknown) => {
      process.end();
      throw error;
    });
    // Its id may be another: one program may serve several manifests.
    if (description.family !== family) {
      const said = `${description.id} of the family ${description.family}`;
      process.end();
      throw new DlcmpError(
        'PEER_FAILED',
        `The peer ${id} (${family}) says that it is ${said}. Correct the family in its manifest, or in its answer to "describe".`,
      );
    }
    return { process, description, engine: undefined };
  }
}

function served(peer: DescribedPeer, engine: string | undefined): DescribedPeer {
  peer.engine ??= engine;
  return peer;
}
