import type { Dataset } from '../dataset/dataset';
import { openDataset } from '../dataset/open-dataset';
import { readMarker } from '../dataset/synthetic-marker';
import { createSampleSet, type SampleSetOptions, sampleSetMarker } from './create-sample-set';

/**
 * Opens the sample set at `directory`, drawn first unless the one that `options` ask for is there.
 *
 * @throws as {@link createSampleSet}
 */
export async function ensureSampleSet(options: SampleSetOptions): Promise<Dataset> {
  const wanted = JSON.stringify(sampleSetMarker(options));
  const found = JSON.stringify(await readMarker(options.directory));
  return found === wanted ? openDataset(options.directory) : createSampleSet(options);
}
