import { DlcmpError } from '@dlcmp/contract';
import type { AbstractMatrix } from 'ml-matrix';

/** A forest of `ml-random-forest`, as far as it is used here. */
export interface LibraryForest {
  train(rows: AbstractMatrix, labels: readonly number[]): void;
  /** The class that most trees vote for, row by row. */
  predict(rows: AbstractMatrix): number[];
  /** Goes through JSON: `JSON.parse(JSON.stringify(forest))` is what `load` takes. */
  toJSON(): unknown;
}

interface LibraryForestClass {
  new (options: {
    readonly nEstimators: number;
    /** The share of the features that a tree sees. */
    readonly maxFeatures: number;
    readonly replacement: boolean;
    readonly seed: number;
    readonly useSampleBagging: boolean;
    readonly noOOB: boolean;
    readonly treeOptions: {
      readonly maxDepth: number;
      readonly minNumSamples: number;
      readonly gainThreshold: number;
    };
  }): LibraryForest;
  load(json: unknown): LibraryForest;
}

export interface Library {
  readonly RandomForestClassifier: LibraryForestClass;
  readonly Matrix: typeof import('ml-matrix').Matrix;
}

/**
 * Loads `ml-random-forest`, and `ml-matrix`, whose matrices it reads without copying.
 *
 * @throws `FRAMEWORK_MISSING`
 */
export async function loadLibrary(): Promise<Library> {
  try {
    const [forests, matrices] = await Promise.all([
      import('ml-random-forest'),
      import('ml-matrix'),
    ]);
    // The types that ml-random-forest ships augment a module that they do not declare.
    const { RandomForestClassifier } = forests as unknown as Pick<
      Library,
      'RandomForestClassifier'
    >;
    return { RandomForestClassifier, Matrix: matrices.Matrix };
  } catch (cause) {
    throw new DlcmpError(
      'FRAMEWORK_MISSING',
      'ml-random-forest cannot be loaded. Install it with "npm install ml-random-forest ml-matrix".',
      { cause },
    );
  }
}
