import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Classifier, ModelSpec } from '@dlcmp/contract';
import {
  assertLabelledImages,
  assertPixels,
  bytesPerImage,
  createGenerator,
  DlcmpError,
  throwIfAborted,
  writeModelManifest,
  writeSafetensors,
} from '@dlcmp/contract';
import { bootstrapClassMeans, nearestClass } from './class-means';

/** Name of the means' file in a saved model. */
export const MEANS_FILE = 'means.safetensors';

/** Members of the ensemble. */
export const MEMBER_COUNT = 15;

/**
 * Nearest class means, bagged: each member learns the classes' mean images from a bootstrap sample
 * and has one vote (Breiman 1996, "Bagging predictors").
 *
 * @param savedMembers class means of each member, where the model is already fitted
 */
export function createReferenceForestClassifier(
  spec: ModelSpec,
  adapterId: string,
  savedMembers?: readonly Float32Array[],
): Classifier {
  const classCount = spec.classNames.length;
  const bytes = bytesPerImage(spec);
  let members = savedMembers;
  let disposed = false;

  function assertOpen(): void {
    if (!disposed) return;
    throw new DlcmpError('DISPOSED', 'This classifier was disposed. Create or load another one.');
  }

  function fittedMembers(): readonly Float32Array[] {
    assertOpen();
    if (members) return members;
    throw new DlcmpError('NOT_FITTED', 'Call fit first.');
  }

  return {
    async fit(images, { signal, onProgress } = {}) {
      assertOpen();
      assertLabelledImages(images, spec, classCount);
      const trained: Float32Array[] = [];
      while (trained.length < MEMBER_COUNT) {
        throwIfAborted(signal);
        const generator = createGenerator(spec.seed, 'bootstrap', trained.length);
        trained.push(bootstrapClassMeans(images, classCount, generator));
        onProgress?.({ unit: 'tree', completed: trained.length, total: MEMBER_COUNT });
        await nextTurn();
      }
      members = trained;
      return { details: { members: MEMBER_COUNT }, notes: [] };
    },
    async predict(pixels, count) {
      const voters = fittedMembers();
      assertPixels(pixels, count, spec);
      const votes = new Float32Array(count * classCount);
      for (let image = 0; image < count; image++) {
        const asked = pixels.subarray(image * bytes, (image + 1) * bytes);
        for (const means of voters) {
          (votes[image * classCount + nearestClass(means, asked)] as number) += 1;
        }
      }
      return votes.map((vote) => vote / voters.length);
    },
    async save(directory) {
      const data = Float32Array.from(fittedMembers().flatMap((means) => [...means]));
      await writeModelManifest(directory, adapterId, spec);
      const shape = [MEMBER_COUNT, classCount, bytes];
      await writeSafetensors(join(directory, MEANS_FILE), { means: { shape, data } });
    },
    async dispose() {
      disposed = true;
      members = undefined;
    },
  };
}
