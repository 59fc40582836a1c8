import {
  assertLabelledImages,
  type Classifier,
  DlcmpError,
  type FitOptions,
  writeModelManifest,
} from '@dlcmp/contract';
import { peerFitSummary } from './fit-summary';
import { peerFault } from './peer-fault';
import type { PeerManifest } from './peer-manifest';
import type { PeerProgress } from './peer-messages';
import type { PeerModel } from './peer-model';
import { askPredictions } from './peer-predictions';

/** A forest in a peer's process, behind the contract; saves are signed with the manifest's id. */
export function createPeerForest(
  model: PeerModel,
  manifest: PeerManifest,
  isFitted: boolean,
): Classifier {
  const { spec } = model;
  let fitted = isFitted;

  function assertFitted(): void {
    model.assertUsable();
    if (!fitted) throw new DlcmpError('NOT_FITTED', 'Call fit first, or load a saved model.');
  }

  return {
    async fit(images, { signal, onProgress }: FitOptions = {}) {
      model.assertUsable();
      assertLabelledImages(images, spec, spec.classNames.length);
      const files = await model.files.images(images, 'fit');
      const trees = createTreeCount(onProgress);
      const answer = await model.train(
        { ...files, plan: null },
        { signal, onProgress: trees.report },
      );
      trees.assertWhole(answer.completed);
      fitted = true;
      return peerFitSummary(manifest, answer, answer.trainSeconds);
    },
    async predict(pixels, count) {
      assertFitted();
      const asked = { ...model.spec, classCount: model.spec.classNames.length };
      return askPredictions(model, asked, pixels, count, 'probabilities');
    },
    async save(directory) {
      assertFitted();
      await writeModelManifest(directory, manifest.id, spec);
      await model.run((peer) => peer.request('save', { directory }));
    },
    resourceUsage: () => model.run((peer) => peer.request('usage', {})),
    dispose: () => model.dispose(),
  };
}

/** Follows a peer's count of its trees, which must rise by one up to the total. */
function createTreeCount(onProgress: FitOptions['onProgress']) {
  let seen = 0;
  let whole = 0;
  return {
    report({ completed, total = 0 }: PeerProgress): void {
      whole ||= total;
      if (completed !== seen + 1 || total !== whole || completed > total) {
        throw peerFault(`reported tree ${completed} of ${total} after tree ${seen} of ${whole}`);
      }
      seen = completed;
      onProgress?.({ unit: 'tree', completed, total });
    },
    assertWhole(completed: number): void {
      if (seen === whole && completed === seen && seen > 0) return;
      throw peerFault(
        `claims ${completed} trees, but reported ${seen} of ${whole} while it trained`,
      );
    },
  };
}
