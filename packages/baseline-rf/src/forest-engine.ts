import type { FitOptions, FitSummary, LabelledImages, ModelSpec } from '@dlcmp/contract';

/** A trained forest, whichever library grew it. */
export interface TrainedForest {
  /** Class probabilities of `count` images: row-major [count × classes]. */
  predictProba(pixels: Uint8Array, count: number): Float32Array | Promise<Float32Array>;
  /** Writes the trees into the existing `directory`. */
  save(directory: string): Promise<void>;
}

/** What grows forests: one implementation a library. */
export interface ForestEngine<Forest extends TrainedForest = TrainedForest> {
  /** As users type it. */
  readonly name: string;
  /**
   * Grows a forest on checked images; the seed and class names are the spec's.
   *
   * @throws `ABORTED`, between two trees
   */
  fit(
    spec: ModelSpec,
    images: LabelledImages,
    options: FitOptions,
  ): Promise<{ forest: Forest; summary: FitSummary }>;
  /**
   * Opens the trees that `TrainedForest.save` wrote into `directory`.
   *
   * @throws `INVALID_FILE`
   */
  load(spec: ModelSpec, directory: string): Promise<Forest>;
}
