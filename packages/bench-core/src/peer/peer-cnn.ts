import { join } from 'node:path';
import {
  assertArgument,
  assertFiniteWeights,
  assertLabelledImages,
  assertWeights,
  type CnnClassifier,
  DlcmpError,
  makeFolder,
  readSafetensors,
  simpleCnnShapes,
  type TrainingBatch,
  type Weights,
  writeModelManifest,
} from '@dlcmp/contract';
import { peerFitSummary } from './fit-summary';
import { peerFault } from './peer-fault';
import type { PeerManifest } from './peer-manifest';
import type { PeerModel } from './peer-model';
import { askPredictions } from './peer-predictions';
import { trainPeerEpochs, trainPeerStep } from './peer-training';

/** What `save` has a CNN write. */
const WEIGHTS_FILE = 'weights.safetensors';

/** A CNN in a peer's process, behind the contract; saves are signed with the manifest's id. */
export function createPeerCnn(
  model: PeerModel,
  manifest: PeerManifest,
  isFitted: boolean,
): CnnClassifier {
  const { spec } = model;
  const hiddenUnits = simpleCnnShapes(spec)['fc1.bias']?.[0] ?? 0;
  let fitted = isFitted;

  function assertFitted(): void {
    model.assertUsable();
    if (!fitted) throw new DlcmpError('NOT_FITTED', 'Call fit first, or load a saved model.');
  }

  function assertBatch({
    pixels,
    labels,
    masks: { dropout: dropoutKeep = new Uint8Array(0) },
    size,
  }: TrainingBatch): void {
    model.assertUsable();
    assertLabelledImages({ pixels, labels, count: size }, spec, spec.classNames.length);
    assertArgument(
      dropoutKeep.length === size * hiddenUnits,
      `dropoutKeep must hold ${size * hiddenUnits} values, one for each image and hidden unit.`,
    );
  }

  async function readTensors(path: string): Promise<Weights> {
    const weights = await readSafetensors(path);
    try {
      assertWeights(weights, spec);
    } catch (cause) {
      throw peerFault(`wrote tensors that are not simple-cnn's: ${(cause as Error).message}`);
    }
    return weights;
  }

  return {
    async fit(images, options = {}) {
      model.assertUsable();
      const onStep = () => {
        fitted = true;
      };
      const { answer, peerTrainSeconds } = await trainPeerEpochs(model, images, options, onStep);
      return peerFitSummary(manifest, answer, peerTrainSeconds);
    },
    async predict(pixels, count) {
      assertFitted();
      return askPredictions(model, pixels, count, 'probabilities');
    },
    async predictLogits(pixels, count) {
      model.assertUsable();
      return askPredictions(model, pixels, count, 'logits');
    },
    async trainStep(batch, adam = {}) {
      assertBatch(batch);
      fitted = true;
      return trainPeerStep(model, batch, adam);
    },
    async computeGradients(batch) {
      assertBatch(batch);
      const { files } = model;
      const { pixels, labels, masks, size } = batch;
      const output = await files.emptyPath('gradients');
      const images = await files.images({ pixels, labels, count: size }, 'step');
      const keep = await files.write('step-masks', masks.dropout as Uint8Array);
      const { loss } = await model.run((peer) =>
        peer.request('gradients', { ...images, masks: keep, output }),
      );
      return { loss: loss ?? Number.NaN, gradients: await readTensors(output) };
    },
    async getWeights() {
      model.assertUsable();
      const directory = model.files.path('weights');
      await makeFolder(directory);
      await model.run((peer) => peer.request('save', { directory }));
      return readTensors(join(directory, WEIGHTS_FILE));
    },
    async save(directory) {
      assertFitted();
      await makeFolder(directory);
      await model.run((peer) => peer.request('save', { directory }));
      const saved = await readTensors(join(directory, WEIGHTS_FILE));
      assertFiniteWeights(saved, 'in the model that is to be saved');
      await writeModelManifest(directory, manifest.id, spec);
    },
    resourceUsage: () => model.run((peer) => peer.request('usage', {})),
    dispose: () => model.dispose(),
  };
}
