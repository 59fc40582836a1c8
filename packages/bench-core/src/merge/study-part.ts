import type { BenchResults } from '../results/bench-results';

/** One folder's results: a shard of a study, an extension, or the whole of it. */
export interface StudyPart {
  /** For messages. */
  readonly directory: string;
  readonly results: BenchResults;
}
