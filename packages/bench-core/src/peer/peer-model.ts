import { writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DlcmpError, ExclusiveQueue, type ModelSpec, throwIfAborted } from '@dlcmp/contract';
import type { DescribedPeer, IdlePeers } from './idle-peers';
import type { PeerFiles } from './peer-files';
import type { PeerAnswer, PeerParams, PeerProgress } from './peer-messages';
import type { PeerProcess } from './peer-process';

/** How long a peer may go on with its step after it was told to stop. */
const STOP_GRACE_MS = 500;

/** How long a peer may take to free its model before its process is ended. */
const DISPOSE_GRACE_MS = 5000;

export type PeerCreation = PeerParams<'create'>;

interface TrainingEars {
  readonly signal: AbortSignal | undefined;
  /** What it throws stops the training, and is thrown. */
  readonly onProgress: (progress: PeerProgress) => void;
}

/** One model in a peer's process: requests take turns, and are refused once it is disposed. */
export class PeerModel {
  readonly spec: ModelSpec;
  readonly files: PeerFiles;
  readonly #peers: IdlePeers;
  readonly #creation: PeerCreation;
  #peer: DescribedPeer | undefined;
  #isMade = false;
  readonly #queue = new ExclusiveQueue();
  #disposal: Promise<void> | undefined;

  constructor(spec: ModelSpec, files: PeerFiles, peers: IdlePeers, creation: PeerCreation) {
    this.spec = spec;
    this.files = files;
    this.#peers = peers;
    this.#creation = creation;
  }

  /** Starts the peer and makes the model, or answers with the peer that has it. */
  async #open(): Promise<PeerProcess> {
    this.#peer ??= await this.#peers.take(this.#creation.engine);
    const peer = this.#peer;
    if (!this.#isMade) {
      await peer.process.request('create', this.#creation).catch((error: unknown) => {
        this.#peer = undefined;
        this.#peers.giveBack(peer);
        throw error;
      });
      this.#isMade = true;
    }
    return peer.process;
  }

  /** Has the next request find a model that was made anew, from the files as they are then. */
  forget(): void {
    this.#isMade = false;
  }

  /** @throws `DISPOSED` */
  assertUsable(): void {
    if (this.#disposal === undefined) return;
    throw new DlcmpError('DISPOSED', 'This classifier was disposed. Create or load another one.');
  }

  /** Runs `task` once all earlier ones are over, with the peer to itself. */
  run<T>(task: (peer: PeerProcess) => Promise<T>): Promise<T> {
    this.assertUsable();
    return this.#queue.run(async () => task(await this.#open()));
  }

  /**
   * Trains, and stops where `signal` fires or `onProgress` throws: by the stop file, and by ending a
   * peer that does not look at it; a new one takes its place when next asked.
   */
  train(
    params: Omit<PeerParams<'train'>, 'stopFile'>,
    { signal, onProgress }: TrainingEars,
  ): Promise<PeerAnswer<'train'>> {
    return this.run(async (peer) => {
      const stopFile = this.files.path('stop');
      await rm(stopFile, { force: true });
      const stop = createStop(peer, stopFile);
      const stopForSignal = () => stop.because(abortedError(signal));
      signal?.addEventListener('abort', stopForSignal, { once: true });
      try {
        throwIfAborted(signal);
        const answer = await peer.request('train', { ...params, stopFile }, (progress) =>
          stop.unlessThrown(() => onProgress(progress)),
        );
        if (stop.reason) throw stop.reason;
        return answer;
      } finally {
        signal?.removeEventListener('abort', stopForSignal);
        stop.cancel();
        if (stop.reason && !peer.isAlive) this.#losePeer();
      }
    });
  }

  /** Frees the model and leaves its process to the next. Idempotent. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#queue.run(async () => {
      await this.#leavePeer();
      await this.files.remove();
    });
    return this.#disposal;
  }

  #losePeer(): void {
    this.#peer = undefined;
    this.#isMade = false;
  }

  async #leavePeer(): Promise<void> {
    const peer = this.#peer;
    this.#losePeer();
    if (!peer?.process.isAlive) return;
    const impatience = setTimeout(() => peer.process.end(), DISPOSE_GRACE_MS);
    await peer.process.request('dispose', {}).catch(() => peer.process.end());
    clearTimeout(impatience);
    this.#peers.giveBack(peer);
  }
}

/** Tells a peer to stop training, once. */
function createStop(peer: PeerProcess, stopFile: string) {
  let timer: NodeJS.Timeout | undefined;
  const stop = {
    reason: undefined as Error | undefined,
    because(reason: Error): void {
      if (stop.reason) return;
      stop.reason = reason;
      writeFileSync(stopFile, '');
      timer = setTimeout(() => peer.end(reason as DlcmpError), STOP_GRACE_MS);
    },
    /** Runs `listen` as long as training is to go on. */
    unlessThrown(listen: () => void): void {
      if (stop.reason) return;
      try {
        listen();
      } catch (error) {
        stop.because(error as Error);
      }
    },
    cancel: () => clearTimeout(timer),
  };
  return stop;
}

function abortedError(signal: AbortSignal | undefined): DlcmpError {
  const cause = signal?.reason as unknown;
  return new DlcmpError('ABORTED', 'Training was stopped before its end.', { cause });
}
