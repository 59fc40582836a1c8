import type { PacedProgress } from '../measure/measure-fit';
import type { TrialPhase, TrialPlan } from '../measure/measure-trial';
import type { Trajectory, TrajectoryOutcome } from '../parity/trajectory';
import type { EpochMeasurement, TrialMeasurements } from '../results/bench-results';
import type { AdapterReference } from './adapter-reference';
import type { ImageFile } from './image-file';

/** Train and evaluate. */
export interface TrialJob {
  readonly kind: 'trial';
  readonly adapter: AdapterReference;
  readonly plan: TrialPlan;
  readonly train: ImageFile;
  readonly test: ImageFile;
}

/** Replay a trajectory. */
export interface ParityJob {
  readonly kind: 'parity';
  readonly adapter: AdapterReference;
  readonly backend: string;
  readonly threads: number;
  readonly trajectory: Trajectory;
}

export type Job = TrialJob | ParityJob;

/** What the answer to a job is. */
export type JobResult<J extends Job> = J extends TrialJob ? TrialMeasurements : TrajectoryOutcome;

/** From the parent. */
export type ParentMessage =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'abort' };

/** On the way to the answer. */
export type TrialEvent =
  | { readonly type: 'phase'; readonly phase: TrialPhase }
  | { readonly type: 'progress'; readonly progress: PacedProgress }
  | { readonly type: 'epoch'; readonly epoch: EpochMeasurement };

/** From the child: events, then one answer. */
export type ChildMessage =
  | TrialEvent
  | { readonly type: 'result'; readonly result: TrialMeasurements | TrajectoryOutcome }
  | { readonly type: 'error'; readonly code: string; readonly message: string };
