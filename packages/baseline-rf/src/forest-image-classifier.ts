import {
  assertLabelledImages,
  assertPixels,
  type Classifier,
  DlcmpError,
  type FitOptions,
  type FitSummary,
  type LabelledImages,
  type ModelSpec,
  writeModelManifest,
} from '@dlcmp/contract';
import type { ForestEngine, TrainedForest } from './forest-engine';

/** `id` of the adapter, and what its saved models are marked with. */
export const ADAPTER_ID = 'baseline-rf';

/**
 * A forest behind the contract: checks what comes in and keeps the state (unfitted, fitted,
 * disposed); the engine does the work.
 */
export class ForestImageClassifier<Forest extends TrainedForest = TrainedForest>
  implements Classifier
{
  private readonly spec: ModelSpec;
  private readonly engine: ForestEngine<Forest>;
  private trained: Forest | undefined;
  private disposed = false;

  /** @param trained the forest to start with, where one was loaded */
  constructor(spec: ModelSpec, engine: ForestEngine<Forest>, trained?: Forest) {
    this.spec = spec;
    this.engine = engine;
    this.trained = trained;
  }

  /**
   * The trained forest itself, for what an engine offers beyond the contract.
   *
   * @throws `NOT_FITTED`, `DISPOSED`
   */
  get forest(): Forest {
    this.assertUsable();
    if (this.trained) return this.trained;
    throw new DlcmpError('NOT_FITTED', 'The forest has no trees yet. Call fit first.');
  }

  async fit(images: LabelledImages, options: FitOptions = {}): Promise<FitSummary> {
    this.assertUsable();
    assertLabelledImages(images, this.spec, this.spec.classNames.length);
    const { forest, summary } = await this.engine.fit(this.spec, images, options);
    this.assertUsable();
    this.trained = forest;
    return summary;
  }

  async predict(pixels: Uint8Array, count: number): Promise<Float32Array> {
    const { forest } = this;
    assertPixels(pixels, count, this.spec);
    return forest.predictProba(pixels, count);
  }

  async save(directory: string): Promise<void> {
    const { forest } = this;
    await writeModelManifest(directory, ADAPTER_ID, this.spec, { engine: this.engine.name });
    await forest.save(directory);
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    this.trained = undefined;
  }

  private assertUsable(): void {
    if (!this.disposed) return;
    throw new DlcmpError('DISPOSED', 'This classifier was disposed. Create or load another one.');
  }
}
