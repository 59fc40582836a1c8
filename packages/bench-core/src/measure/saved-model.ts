import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Adapter, LabelledImages } from '@dlcmp/contract';
import { measureQuality } from '../metrics/quality';
import type { SavedModelMeasurement } from '../results/bench-results';
import { timed } from './clock';
import { singleImage } from './latency';
import type { TrialEnvironment, TrialPlan } from './measure-trial';
import { predictBatches } from './predict-batches';

/** What a user of the saved model gets, and how long its first answer takes. */
export interface ReloadedModel {
  readonly savedModel: SavedModelMeasurement;
  readonly firstCallMs: number;
  /** Of the whole test set. */
  readonly probabilities: Float32Array;
}

/** Loads the model that the trial saved and predicts the test set with it again. */
export async function measureSavedModel(
  adapter: Adapter,
  plan: TrialPlan,
  test: LabelledImages,
  { clock }: Pick<TrialEnvironment, 'clock'>,
): Promise<ReloadedModel> {
  const { backend, threads, modelDirectory, spec, inferenceBatchSize } = plan;
  const loaded = await timed(clock, () => adapter.load(modelDirectory, { backend, threads }));
  const classifier = loaded.result;
  try {
    const image = singleImage(test, spec, 0);
    const first = await timed(clock, () => classifier.predict(image, 1));
    const probabilities = await predictBatches(classifier, test, spec, inferenceBatchSize);
    const savedModel = {
      sizeBytes: await folderBytes(modelDirectory),
      loadSeconds: loaded.seconds,
      accuracy: measureQuality(probabilities, test.labels, spec.classNames).accuracy,
    };
    return { savedModel, firstCallMs: first.seconds * 1000, probabilities };
  } finally {
    await classifier.dispose();
  }
}

async function folderBytes(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath ?? file.path, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
