import type { CnnAdapter, CreateOptions } from '@dlcmp/contract';
import {
  compareOutcomes,
  isWithinTolerance,
  PARITY_TOLERANCE,
  type ParityErrors,
} from './compare-outcomes';
import { readRecordedTrajectory } from './recorded-trajectory';
import { replayTrajectory } from './replay-trajectory';

/** How far an adapter is from a recorded trajectory. */
export interface RecordingErrors {
  readonly errors: ParityErrors;
  readonly withinTolerance: boolean;
}

/**
 * Trains a new classifier of `adapter` along the trajectory recorded in `directory` and holds what it computed against what
 * was recorded, in this process.
 *
 * @param tolerance default: what float32 is expected to keep to
 * @throws `INVALID_FILE`, and what the adapter throws
 */
export async function replayRecording(
  adapter: CnnAdapter,
  directory: string,
  options: CreateOptions = {},
  tolerance: ParityErrors = PARITY_TOLERANCE,
): Promise<RecordingErrors> {
  const { trajectory, outcome } = await readRecordedTrajectory(directory);
  const errors = compareOutcomes(await replayTrajectory(adapter, trajectory, options), outcome);
  return { errors, withinTolerance: isWithinTolerance(errors, tolerance) };
}
