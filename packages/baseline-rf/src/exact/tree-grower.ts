import { createGenerator } from '@dlcmp/contract';
import { drawBootstrap } from './bootstrap';
import { readTree } from './read-tree';
import type { SharedTrainingSet } from './shared-training-set';
import type { Tree } from './tree';
import { addressOf, instantiateTreeGrower, type TreeGrowerExports } from './tree-grower-module';

/** How every tree of a forest is grown. */
export interface GrowthPlan {
  readonly seed: number;
  readonly bootstrap: boolean;
  /** Features tried at each split. */
  readonly featuresPerSplit: number;
  readonly maxDepth: number | null;
  readonly minSamplesLeaf: number;
  readonly splitter: 'best' | 'random';
  /** [classes] */
  readonly classWeights: Float64Array;
}

const UNLIMITED_DEPTH = 0xffff_ffff;

/** Grows single trees of a forest, in the workspace of one worker. */
export class TreeGrower {
  private readonly trainingSet: SharedTrainingSet;
  private readonly plan: GrowthPlan;
  private readonly wasm: TreeGrowerExports;

  private constructor(trainingSet: SharedTrainingSet, plan: GrowthPlan, wasm: TreeGrowerExports) {
    this.trainingSet = trainingSet;
    this.plan = plan;
    this.wasm = wasm;
  }

  /** @param worker which of the training set's workspaces to use */
  static async create(
    trainingSet: SharedTrainingSet,
    plan: GrowthPlan,
    worker: number,
  ): Promise<TreeGrower> {
    const { module, memory, sampleCount, featureCount, classCount } = trainingSet;
    const wasm = await instantiateTreeGrower(module, memory);
    wasm.layOut(trainingSet.workspaces[worker] as number, sampleCount, featureCount, classCount);
    wasm.locateImages(trainingSet.rowMajor, trainingSet.columnMajor);
    wasm.configure(
      plan.featuresPerSplit,
      plan.maxDepth ?? UNLIMITED_DEPTH,
      plan.minSamplesLeaf,
      plan.splitter === 'random',
      plan.classWeights.some((weight) => weight !== 1),
    );
    new Float64Array(memory.buffer, addressOf(wasm.classWeights), classCount).set(
      plan.classWeights,
    );
    return new TreeGrower(trainingSet, plan, wasm);
  }

  /** Fills in the columns of the shared training set from `start` to `end`. */
  transpose(start: number, end: number): void {
    this.wasm.transpose(start, end);
  }

  /** Tree number `tree` of the forest; it depends on nothing but the plan and the samples. */
  grow(tree: number): Tree {
    const drawnCount = this.writeSamples(tree);
    const generator = createGenerator(this.plan.seed, 'forest/splits', tree);
    const nodeCount = this.wasm.growTree(drawnCount, generator.next(), generator.next());
    return readTree(this.wasm, this.trainingSet, this.plan.classWeights, nodeCount);
  }

  /** Hands over the samples that the tree sees, once each; returns how many they are. */
  private writeSamples(tree: number): number {
    const { memory, labels, sampleCount } = this.trainingSet;
    const { sampleRows, sampleClasses, sampleCounts } = this.wasm;
    const rows = new Uint32Array(memory.buffer, addressOf(sampleRows), sampleCount);
    const classes = new Uint32Array(memory.buffer, addressOf(sampleClasses), sampleCount);
    const counts = new Uint32Array(memory.buffer, addressOf(sampleCounts), sampleCount);
    const drawn = this.plan.bootstrap
      ? drawBootstrap(this.plan.seed, tree, sampleCount)
      : new Uint32Array(sampleCount).fill(1);
    let written = 0;
    drawn.forEach((count, sample) => {
      if (count === 0) return;
      rows[written] = sample;
      classes[written] = labels[sample] as number;
      counts[written] = count;
      written++;
    });
    return written;
  }
}
