import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesPerImage, type ModelSpec } from '@dlcmp/contract';
import type { TrainedForest } from '../forest-engine';
import type { Library, LibraryForest } from './load-library';

/** The file of a saved model that holds its trees. */
export const TREES_FILE = 'trees.json';

/** Images turned into the library's float64 matrices at a time: 25 MB at 64×64. */
const PREDICTION_BATCH = 256;

/** Trees of `ml-random-forest`, each of which has one vote. */
export class MlRandomForest implements TrainedForest {
  private readonly library: Library;
  private readonly trees: readonly LibraryForest[];
  private readonly featureCount: number;
  private readonly classCount: number;

  constructor(library: Library, trees: readonly LibraryForest[], spec: ModelSpec) {
    this.library = library;
    this.trees = trees;
    this.featureCount = bytesPerImage(spec);
    this.classCount = spec.classNames.length;
  }

  /** The share of the trees that vote for each class. */
  async predictProba(pixels: Uint8Array, count: number): Promise<Float32Array> {
    const shares = new Float32Array(count * this.classCount);
    for (let start = 0; start < count; start += PREDICTION_BATCH) {
      const end = Math.min(start + PREDICTION_BATCH, count);
      const votes = this.countVotes(pixels, start, end);
      shares.set(
        votes.map((vote) => vote / this.trees.length),
        start * this.classCount,
      );
    }
    return shares;
  }

  async save(directory: string): Promise<void> {
    await writeFile(join(directory, TREES_FILE), JSON.stringify(this.trees));
  }

  /** Votes of all trees on the images from `start` to `end`: [images × classes]. */
  private countVotes(pixels: Uint8Array, start: number, end: number): Float32Array {
    const images = Array.from({ length: end - start }, (_, image) => {
      const from = (start + image) * this.featureCount;
      return pixels.subarray(from, from + this.featureCount);
    });
    const matrix = new this.library.Matrix(images);
    const votes = new Float32Array(images.length * this.classCount);
    for (const tree of this.trees) {
      tree.predict(matrix).forEach((label, image) => {
        const index = image * this.classCount + label;
        votes[index] = (votes[index] as number) + 1;
      });
    }
    return votes;
  }
}
