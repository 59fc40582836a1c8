import { join } from 'node:path';
import {
  DlcmpError,
  type EpochTask,
  epochImages,
  type FitSummary,
  type InferenceOutput,
  makeFolder,
  type Network,
  readSafetensors,
  type StepResult,
  type TrainableModel,
  type TrainingBatch,
  type UpdateSettings,
  type Weights,
  writeSafetensors,
} from '@dlcmp/contract';
import { drawEpochMasks, type EpochMasks } from './epoch-masks';
import { peerFitSummary } from './fit-summary';
import type { PeerDialect, PlannedEpoch } from './peer-dialect';
import { peerFault } from './peer-fault';
import type { PeerManifest } from './peer-manifest';
import type { PeerProgress } from './peer-messages';
import type { PeerModel } from './peer-model';
import { askPredictions } from './peer-predictions';
import { assertPeerTensors } from './peer-tensors';

/** Files of a network in a peer. */
export const INITIAL_WEIGHTS = 'initial.safetensors';
const SAVED_WEIGHTS = 'weights.safetensors';

/** A network in a peer's process. It goes through epochs by itself, so that no message stands between two steps. */
export class PeerNetwork implements TrainableModel {
  readonly #model: PeerModel;
  readonly #network: Network;
  readonly #dialect: PeerDialect;
  readonly #manifest: PeerManifest;
  /** Since the weights were written. */
  #steps = 0;
  #trainSeconds = 0;
  /** Of the epoch after the one under way. */
  #nextMasks: EpochMasks | undefined;

  constructor(model: PeerModel, network: Network, dialect: PeerDialect, manifest: PeerManifest) {
    this.#model = model;
    this.#network = network;
    this.#dialect = dialect;
    this.#manifest = manifest;
  }

  async readWeights(): Promise<Weights> {
    const directory = this.#model.files.path('weights');
    await makeFolder(directory);
    await this.#model.run((peer) => peer.request('save', { directory }));
    const weights = await readSafetensors(join(directory, SAVED_WEIGHTS));
    const { weightShapes, stateShapes } = this.#network;
    assertPeerTensors(weights, { ...weightShapes, ...stateShapes });
    return weights;
  }

  /** Makes the model anew, so that it forgets its moments as well. */
  async writeWeights(weights: Weights): Promise<void> {
    const { files } = this.#model;
    await writeSafetensors(files.path(INITIAL_WEIGHTS), weights);
    this.#model.forget();
    this.#steps = 0;
    await this.#model.run(async () => {});
  }

  async resetOptimizer(): Promise<void> {
    if (this.#steps > 0) await this.writeWeights(await this.readWeights());
  }

  async step(batch: TrainingBatch, update: UpdateSettings): Promise<StepResult> {
    const { learningRate, ...learning } = update;
    const { pixels, labels, masks, size } = batch;
    const files = await this.#model.files.images({ pixels, labels, count: size }, 'step');
    const results: StepResult[] = [];
    await this.#train(
      files,
      {
        order: Uint32Array.from({ length: size }, (_, index) => index),
        flips: new Uint8Array(size),
        ...{ masks, batchSize: size, learning, isFirst: this.#steps === 0 },
        learningRates: Float64Array.of(learningRate),
      },
      { report: (result) => results.push(result), signal: undefined },
    );
    return results[0] as StepResult;
  }

  async trainEpoch(task: EpochTask): Promise<FitSummary> {
    const { images, plan, epoch, batchSize, learning, learningRates, signal } = task;
    if (epoch === 1) this.#trainSeconds = 0;
    const planned = {
      order: plan.epochOrder(epoch),
      flips: plan.epochFlips(epoch),
      masks: await this.#takeMasks(task),
      ...{ batchSize, learning, learningRates, isFirst: this.#steps === 0 },
    };
    const changed = epochImages(plan, epoch, images, this.#network);
    const files = await this.#model.files.images(changed, 'fit');
    const training = this.#train(files, planned, { report: task.report, signal });
    this.#drawAhead(task);
    const answer = await training;
    this.#trainSeconds += answer.trainSeconds;
    return peerFitSummary(this.#manifest, answer, this.#trainSeconds);
  }

  #takeMasks({ plan, epoch }: EpochTask): EpochMasks['masks'] {
    const drawn = this.#nextMasks;
    this.#nextMasks = undefined;
    if (drawn?.plan === plan && drawn.epoch === epoch) return drawn.masks;
    return drawEpochMasks(this.#network, plan, epoch).masks;
  }

  /** Draws the next epoch's masks while the peer computes. */
  #drawAhead({ plan, epoch, epochs }: EpochTask): void {
    if (epoch < epochs) this.#nextMasks = drawEpochMasks(this.#network, plan, epoch + 1);
  }

  async computeGradients(batch: TrainingBatch, labelSmoothing: number) {
    const { files } = this.#model;
    const { pixels, labels, masks, size } = batch;
    const output = files.emptyPath('gradients');
    const images = await files.images({ pixels, labels, count: size }, 'step');
    const params = {
      ...images,
      masks: await this.#dialect.masks(files, masks, 'step'),
      labelSmoothing,
      output,
    };
    const { loss } = await this.#model.run((peer) => peer.request('gradients', params));
    const gradients = await readSafetensors(output);
    assertPeerTensors(gradients, this.#network.weightShapes);
    return { loss: loss ?? Number.NaN, gradients };
  }

  infer(pixels: Uint8Array, count: number, output: InferenceOutput): Promise<Float32Array> {
    return askPredictions(this.#model, this.#network, pixels, count, output);
  }

  readOptimizer(): Promise<never> {
    return Promise.reject(this.#noCheckpoints());
  }

  writeOptimizer(): Promise<never> {
    return Promise.reject(this.#noCheckpoints());
  }

  resourceUsage() {
    return this.#model.run((peer) => peer.request('usage', {}));
  }

  release(): Promise<void> {
    return this.#model.dispose();
  }

  async #train(
    images: Awaited<ReturnType<PeerModel['files']['images']>>,
    planned: PlannedEpoch,
    { report, signal }: Pick<EpochTask, 'report'> & { signal: AbortSignal | undefined },
  ) {
    const plan = await this.#dialect.plan(this.#model.files, planned);
    const steps = createStepCount(planned.learningRates.length, (result) => {
      this.#steps++;
      report(result);
    });
    const answer = await this.#model.train(
      { ...images, plan },
      { signal, onProgress: steps.report },
    );
    steps.assertWhole(answer.completed);
    return answer;
  }

  #noCheckpoints(): DlcmpError {
    return new DlcmpError(
      'INVALID_ARGUMENT',
      `The peer ${this.#manifest.id} does not hand out the state of its optimiser, so it keeps no checkpoints. Leave checkpoint and resumeFrom out.`,
    );
  }
}

/** Follows a peer's steps, which must be the plan's. */
function createStepCount(stepCount: number, report: (result: StepResult) => void) {
  let seen = 0;
  return {
    report({ completed, loss, gradientNorm }: PeerProgress): void {
      if (completed !== seen + 1 || completed > stepCount) {
        throw peerFault(`reported step ${completed} after step ${seen} of ${stepCount}`);
      }
      seen = completed;
      report({
        loss: loss ?? Number.NaN,
        ...(gradientNorm !== undefined && { gradientNorm: gradientNorm ?? Number.NaN }),
      });
    },
    assertWhole(completed: number): void {
      if (completed === stepCount && seen === stepCount) return;
      throw peerFault(`ended an epoch of ${stepCount} steps after ${seen} (${completed})`);
    },
  };
}
